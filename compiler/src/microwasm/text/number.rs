//! Numbers as text.

/// An unsigned integer: decimal, or hexadecimal behind `0x`, with `_` between digits.
pub(super) fn unsigned(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.starts_with(['+', '-', '_']) || digits.ends_with('_') {
        return None;
    }
    if digits.contains('_') {
        return u64::from_str_radix(&digits.replace('_', ""), radix).ok();
    }
    u64::from_str_radix(digits, radix).ok()
}

/// An integer of so many bits, signed or unsigned.
pub(super) fn integer(text: &str, bits: u32) -> Option<i64> {
    let limit = 1u128 << bits;
    match text.strip_prefix('-') {
        Some(digits) => {
            let magnitude = u128::from(unsigned(digits)?);
            (magnitude <= limit / 2).then(|| (magnitude as i128).wrapping_neg() as i64)
        }
        None => {
            let magnitude = u128::from(unsigned(text.strip_prefix('+').unwrap_or(text))?);
            (magnitude < limit).then_some(magnitude as i64)
        }
    }
}

/// The payload of `nan` or `nan:0x..`, if the text is one; `quiet` is that of the plain `nan`.
fn nan(text: &str, quiet: u64, most: u64) -> Option<u64> {
    match text.strip_prefix("nan")?.strip_prefix(':') {
        Some(payload) => unsigned(payload).filter(|payload| (1..=most).contains(payload)),
        None => (text == "nan").then_some(quiet),
    }
}

/// Whether Rust's parser takes this for what it is here: a decimal number or `inf`.
fn is_decimal(magnitude: &str) -> bool {
    magnitude == "inf" || magnitude.starts_with(|c: char| c.is_ascii_digit())
}

/// The bits of an `f32`.
pub(super) fn float32(text: &str) -> Option<u32> {
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let sign = u32::from(text.starts_with('-')) << 31;
    if let Some(payload) = nan(magnitude, 1 << 22, (1 << 23) - 1) {
        return Some(sign | 0x7f80_0000 | payload as u32);
    }
    let value = magnitude.parse::<f32>().ok().filter(|_| is_decimal(magnitude))?;
    // A decimal number beyond the range is a mistake and no infinity.
    (value.is_finite() || magnitude == "inf").then(|| sign | value.to_bits())
}

/// The bits of an `f64`.
pub(super) fn float64(text: &str) -> Option<u64> {
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let sign = u64::from(text.starts_with('-')) << 63;
    if let Some(payload) = nan(magnitude, 1 << 51, (1 << 52) - 1) {
        return Some(sign | 0x7ff0_0000_0000_0000 | payload);
    }
    let value = magnitude.parse::<f64>().ok().filter(|_| is_decimal(magnitude))?;
    (value.is_finite() || magnitude == "inf").then(|| sign | value.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        assert_eq!(integer("-2147483648", 32), Some(i32::MIN.into()));
        assert_eq!(integer("-2147483649", 32), None);
        assert_eq!(integer("0xffff_ffff", 32), Some(0xffff_ffff));
        assert_eq!(integer("4294967296", 32), None);
        assert_eq!(integer("-0x8000000000000000", 64), Some(i64::MIN));
        assert_eq!(integer("0xffffffffffffffff", 64), Some(-1));
        for wrong in ["", "-", "0x", "_1", "1_", "--1", "1.0", "0x-1", "٣"] {
            assert_eq!(integer(wrong, 64), None, "{wrong}");
        }
    }

    #[test]
    fn floats() {
        assert_eq!(float32("-0.0"), Some(1 << 31));
        assert_eq!(float32("nan"), Some(0x7fc0_0000));
        assert_eq!(float32("-nan:0x1"), Some(0xff80_0001));
        assert_eq!(float32("nan:0x0"), None);
        assert_eq!(float32("nan:0x800000"), None);
        assert_eq!(float64("-inf"), Some(f64::NEG_INFINITY.to_bits()));
        assert_eq!(float64("1e-320"), Some(1e-320f64.to_bits()));
        for wrong in ["", "-", "--1", "infinity", "NaN", "nan:1x", ".5", "1f", "1e999"] {
            assert_eq!(float64(wrong), None, "{wrong}");
        }
    }
}
