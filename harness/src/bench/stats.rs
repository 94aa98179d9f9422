//! Medians with intervals that assume nothing about the distribution, and geometric means.

use serde::{Deserialize, Serialize};

/// A median and an interval that holds the true one with at least 95 % confidence
/// (with fewer than six samples: the whole range, which says less).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The median.
    pub median: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

impl Summary {
    /// Summarises samples by their order statistics; `None` without samples.
    pub fn of(samples: &[f64]) -> Option<Summary> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let upper = *sorted.get(count / 2)?;
        let median = if count % 2 == 1 { upper } else { (sorted[count / 2 - 1] + upper) / 2.0 };
        let cut = ranks_outside(count);
        Some(Summary { median, low: sorted[cut], high: sorted[count - 1 - cut] })
    }
}

/// How many of the smallest (and of the largest) samples lie outside the 95 % interval of the median: the number of
/// samples below the median is binomial with probability one half.
fn ranks_outside(count: usize) -> usize {
    let mut probability = 0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    let mut tail = 0.0;
    let mut rank = 0;
    while rank < count / 2 {
        tail += probability;
        if tail > 0.025 {
            break;
        }
        probability *= (count - rank) as f64 / (rank + 1) as f64;
        rank += 1;
    }
    rank.saturating_sub(1)
}

/// The geometric mean; `None` without values.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let logs: Vec<f64> = values.into_iter().map(f64::ln).collect();
    (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_interval() {
        assert_eq!(Summary::of(&[]), None);
        assert_eq!(Summary::of(&[3.0, 1.0, 2.0]), Some(Summary { median: 2.0, low: 1.0, high: 3.0 }));
        // The table of order statistics for n = 11: ranks 2 and 10 (98.8 %), ranks 3 and 9 hold only 93.5 %.
        let samples: Vec<f64> = (1..=11).map(f64::from).collect();
        assert_eq!(Summary::of(&samples), Some(Summary { median: 6.0, low: 2.0, high: 10.0 }));
        // For n = 20: ranks 6 and 15 (95.9 %).
        let samples: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(Summary::of(&samples), Some(Summary { median: 10.5, low: 6.0, high: 15.0 }));
    }

    #[test]
    fn geometric_means() {
        assert_eq!(geometric_mean([]), None);
        let mean = geometric_mean([0.5, 2.0, 1.0]).expect("there are values");
        assert!((mean - 1.0).abs() < 1e-12);
    }
}
