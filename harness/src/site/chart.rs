//! Charts as SVG inside a page. Their colours are the style sheet's, so that they suit light and dark.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Colours that stand for those of the style sheet until the chart is drawn.
const INK: RGBColor = RGBColor(1, 2, 3);
const LINE: RGBColor = RGBColor(1, 2, 4);
const ACCENT: RGBColor = RGBColor(1, 2, 5);
const BAD: RGBColor = RGBColor(1, 2, 6);
const MUTED: RGBColor = RGBColor(1, 2, 7);
const VARIABLES: [(&str, &str); 5] = [
    ("\"#010203\"", "\"currentColor\""),
    ("\"#010204\"", "\"var(--line)\""),
    ("\"#010205\"", "\"var(--accent)\""),
    ("\"#010206\"", "\"var(--bad)\""),
    ("\"#010207\"", "\"var(--muted)\""),
];
const FONT: &str = "sans-serif";
const WIDTH: u32 = 720;
/// The width of names beside a chart of intervals.
const NAMES: u32 = 190;
/// The height of a row there.
const ROW: u32 = 18;

type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

/// A value with its interval.
#[derive(Debug, Clone)]
pub(super) struct Interval {
    /// What it is about.
    pub name: String,
    /// The interval's lower end.
    pub low: f64,
    /// The value.
    pub value: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// A line of a chart.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    /// What it is about.
    pub name: String,
    /// Its points.
    pub points: Vec<(f64, f64)>,
    /// Whether it stands out.
    pub bad: bool,
}

/// The SVG with the style sheet's colours, and a name for who cannot see it.
fn finish(svg: &str, label: &str) -> String {
    let mut svg = svg.to_string();
    for (colour, variable) in VARIABLES {
        svg = svg.replace(colour, variable);
    }
    let mut name = String::new();
    super::number::escape(label, &mut name);
    // XML's own prologue has no place inside HTML.
    let start = svg.find("<svg").unwrap_or(0);
    svg[start..].replacen("<svg", &format!("<svg role=\"img\" aria-label=\"{name}\""), 1)
}

fn draw(height: u32, label: &str, draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> bool) -> Option<String> {
    let mut svg = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&area) && area.present().is_ok()
    };
    drawn.then(|| finish(&svg, label))
}

/// The range of positive values, a bit wider; nothing without any.
fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let values = values.into_iter().filter(|value| value.is_finite());
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    (low <= high).then_some((low, high))
}

fn ink(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&INK)
}

/// A row for each: a dot for the value on the line of its interval, over a logarithmic axis on which 1 is marked.
pub(super) fn intervals(rows: &[Interval], label: &str) -> Option<String> {
    let rows: Vec<&Interval> = rows.iter().filter(|row| row.low > 0.0 && row.high.is_finite()).collect();
    let (low, high) = range(rows.iter().flat_map(|row| [row.low, row.high]).chain([0.8, 1.25]))?;
    if rows.is_empty() {
        return None;
    }
    let count = u32::try_from(rows.len()).ok()?;
    draw(count * ROW + 44, label, |area| {
        let drawn = || -> Drawn<'_> {
            let mut chart = ChartBuilder::on(area)
                .margin(6)
                .margin_left(NAMES)
                .margin_right(20)
                .x_label_area_size(26)
                .build_cartesian_2d((low / 1.1..high * 1.1).log_scale(), 0.0..f64::from(count))?;
            chart
                .configure_mesh()
                .disable_mesh()
                .x_label_formatter(&|_| String::new())
                .set_tick_mark_size(LabelAreaPosition::Bottom, 0)
                .axis_style(LINE)
                .bold_line_style(LINE)
                .light_line_style(TRANSPARENT)
                .label_style(ink(12))
                .draw()?;
            let pixels = |x: f64| [0.0, f64::from(count)].map(|y| chart.backend_coord(&(x, y)));
            let (marks, ends) = (ticks(low, high), ticks(low, high).into_iter().map(pixels).collect::<Vec<_>>());
            scale(area, &marks, &ends)?;
            chart.draw_series(LineSeries::new([(1.0, 0.0), (1.0, f64::from(count))], INK.stroke_width(1)))?;
            for (index, row) in rows.iter().enumerate() {
                let y = f64::from(count) - 0.5 - index as f64;
                // Worse for certain only if the whole interval is.
                let colour = if row.low > 1.0 { BAD } else { ACCENT };
                chart.draw_series(LineSeries::new([(row.low, y), (row.high, y)], colour.stroke_width(2)))?;
                chart.draw_series([Circle::new((row.value, y), 4, colour.filled())])?;
                let (_, pixel) = chart.backend_coord(&(row.value, y));
                let style = ink(12).pos(Pos::new(HPos::Right, VPos::Center));
                area.draw(&Text::new(cut(&row.name), (NAMES as i32 - 2, pixel), style))?;
            }
            Ok(())
        };
        drawn().is_ok()
    })
}

/// Round numbers for a logarithmic axis, about half a dozen.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let steps: [&[f64]; 5] = [
        &[1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
        &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
        &[1.0, 2.0, 5.0],
        &[1.0, 3.0],
        &[1.0],
    ];
    let all = |steps: &[f64]| -> Vec<f64> {
        let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let ticks = decades.flat_map(|decade| steps.iter().map(move |step| step * 10_f64.powi(decade)));
        ticks.filter(|tick| (low..=high).contains(tick)).collect()
    };
    steps.iter().map(|steps| all(steps)).find(|ticks| ticks.len() <= 8).unwrap_or_else(|| all(&[1.0]))
}

/// Draws marks over a chart and their numbers; `ends` are the pixels where each begins and ends. Those that begin at the
/// bottom have their number below, others to the left.
fn scale<'a>(area: &DrawingArea<SVGBackend<'a>, Shift>, marks: &[f64], ends: &[[(i32, i32); 2]]) -> Drawn<'a> {
    for (mark, ends) in marks.iter().zip(ends) {
        area.draw(&PathElement::new(ends.to_vec(), LINE))?;
        let (x, y) = ends[0];
        let (place, position) = if ends[0].0 == ends[1].0 {
            ((x, y + 8), Pos::new(HPos::Center, VPos::Top))
        } else {
            ((x - 6, y), Pos::new(HPos::Right, VPos::Center))
        };
        area.draw(&Text::new(short(*mark), place, ink(12).pos(position)))?;
    }
    Ok(())
}

/// A name that has a place beside a chart.
fn cut(name: &str) -> String {
    if name.chars().count() > 28 { name.chars().take(27).chain(['…']).collect() } else { name.to_string() }
}

/// A number at an axis.
fn short(value: f64) -> String {
    if value == 0.0 {
        "0".to_string()
    } else if value.abs() >= 1e7 || value.abs() < 1e-3 {
        format!("{value:.1e}")
    } else {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    }
}

/// A value over nights with its intervals; `None` where a night does not have it.
pub(super) fn nights(points: &[Option<Interval>], label: &str) -> Option<String> {
    let there = || points.iter().enumerate().filter_map(|(index, point)| Some((index as f64, point.as_ref()?)));
    let (low, high) = range(there().flat_map(|(_, point)| [point.low, point.high]))?;
    let room = if high > low { (high - low) * 0.1 } else { (high.abs() * 0.1).max(0.1) };
    let (low, high) = (low - room, high + room);
    let name = |x: &f64| {
        let index = x.round();
        let whole = (x - index).abs() < 1e-6 && index >= 0.0;
        let point = if whole { points.get(index as usize).and_then(Option::as_ref) } else { None };
        point.map_or_else(String::new, |point| point.name.clone())
    };
    draw(210, label, |area| {
        let drawn = || -> Drawn<'_> {
            let mut chart = ChartBuilder::on(area)
                .margin(8)
                .margin_right(20)
                .x_label_area_size(28)
                .y_label_area_size(64)
                .build_cartesian_2d(-0.5..points.len() as f64 - 0.5, low..high)?;
            chart
                .configure_mesh()
                .disable_x_mesh()
                .x_labels(points.len().min(8))
                .y_labels(5)
                .x_label_formatter(&name)
                .y_label_formatter(&|y| short(*y))
                .axis_style(LINE)
                .bold_line_style(LINE)
                .light_line_style(TRANSPARENT)
                .label_style(ink(12))
                .draw()?;
            for (x, point) in there() {
                chart.draw_series(LineSeries::new([(x, point.low), (x, point.high)], MUTED.stroke_width(2)))?;
            }
            chart.draw_series(LineSeries::new(there().map(|(x, point)| (x, point.value)), ACCENT.stroke_width(2)))?;
            chart.draw_series(there().map(|(x, point)| Circle::new((x, point.value), 4, ACCENT.filled())))?;
            Ok(())
        };
        drawn().is_ok()
    })
}

/// Seconds over bytes on logarithmic axes, with a line of slope 1 and one of slope 2. Curves that stand out are named.
pub(super) fn growth(curves: &[Curve], label: &str) -> Option<String> {
    let points = || curves.iter().flat_map(|curve| &curve.points).filter(|(x, y)| *x > 0.0 && *y > 0.0);
    let (left, right) = range(points().map(|(x, _)| *x))?;
    let (bottom, top) = range(points().map(|(_, y)| *y))?;
    draw(400, label, |area| {
        let drawn = || -> Drawn<'_> {
            let mut chart = ChartBuilder::on(area)
                .margin(8)
                .margin_right(90)
                .x_label_area_size(40)
                .y_label_area_size(64)
                .build_cartesian_2d((left / 1.5..right * 1.5).log_scale(), (bottom / 1.5..top * 1.5).log_scale())?;
            chart
                .configure_mesh()
                .x_desc("bytes of the module")
                .y_desc("seconds")
                .disable_mesh()
                .x_label_formatter(&|_| String::new())
                .y_label_formatter(&|_| String::new())
                .set_tick_mark_size(LabelAreaPosition::Bottom, 0)
                .set_tick_mark_size(LabelAreaPosition::Left, 0)
                .axis_style(LINE)
                .bold_line_style(LINE)
                .light_line_style(TRANSPARENT)
                .label_style(ink(12))
                .axis_desc_style(ink(12))
                .draw()?;
            let upright = |x: f64| [bottom / 1.5, top * 1.5].map(|y| chart.backend_coord(&(x, y)));
            let level = |y: f64| [left / 1.5, right * 1.5].map(|x| chart.backend_coord(&(x, y)));
            let (bytes, seconds) = (ticks(left, right), ticks(bottom, top));
            let ends: Vec<_> = bytes.iter().map(|x| upright(*x)).collect();
            scale(area, &bytes, &ends)?;
            let ends: Vec<_> = seconds.iter().map(|y| level(*y)).collect();
            scale(area, &seconds, &ends)?;
            let mut named = Vec::new();
            for curve in curves {
                let colour = if curve.bad { BAD } else { ACCENT };
                let width = if curve.bad { 2 } else { 1 };
                let line = curve.points.iter().copied().filter(|(x, y)| *x > 0.0 && *y > 0.0);
                chart.draw_series(LineSeries::new(line, colour.mix(0.7).stroke_width(width)))?;
                if let Some(end) = curve.points.last().filter(|_| curve.bad) {
                    let (x, y) = chart.backend_coord(end);
                    // Of names that would lie on each other one is drawn; the table has all.
                    if named.iter().any(|other: &i32| (other - y).abs() < 12) {
                        continue;
                    }
                    named.push(y);
                    area.draw(&Text::new(cut(&curve.name), (x + 4, y - 6), (FONT, 11).into_font().color(&BAD)))?;
                }
            }
            for (slope, name) in [(1.0, "linear"), (2.0, "quadratic")] {
                let at = |x: f64| bottom * (x / left).powf(slope);
                // It ends where the picture does.
                let end = right.min(left * (top / bottom).powf(1.0 / slope));
                chart.draw_series(DashedLineSeries::new(
                    [(left, at(left)), (end, at(end))],
                    4,
                    4,
                    INK.stroke_width(1),
                ))?;
                let style = ink(11);
                chart.draw_series([Text::new(name, (end, at(end)), style)])?;
            }
            Ok(())
        };
        drawn().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_some_round_numbers() {
        let text = |low, high| ticks(low, high).into_iter().map(short).collect::<Vec<_>>().join(" ");
        assert_eq!(text(0.8, 1.25), "0.8 0.9 1 1.1 1.25");
        assert_eq!(text(0.4, 3.5), "0.5 0.7 1 1.5 2 3");
        assert_eq!(text(0.5, 40.0), "0.5 1 2 5 10 20");
        assert_eq!(ticks(1.0, 1e12).len(), 13);
    }

    #[test]
    fn charts_need_something_to_show() {
        assert!(intervals(&[], "x").is_none() && nights(&[None], "x").is_none() && growth(&[], "x").is_none());
        let row = |low: f64| Interval { name: "<b>".to_string(), low, value: 1.5, high: 2.0 };
        assert!(intervals(&[row(0.0)], "x").is_none(), "a logarithmic axis has no 0");
        let svg = intervals(&[row(1.2)], "\"label\"").expect("a row");
        assert!(
            svg.starts_with("<svg role=\"img\" aria-label=\"&quot;label&quot;\"") && svg.contains("&lt;b&gt;"),
            "{svg}"
        );
        assert!(svg.contains("var(--bad)") && !svg.contains("#0102"), "{svg}");
        assert!(nights(&[Some(row(1.0)), None, Some(row(1.0))], "x").is_some());
        let curve = Curve { name: "c".to_string(), points: vec![(1e3, 1e-3), (2e3, 4e-3), (3e3, 0.0)], bad: true };
        assert!(growth(&[curve], "x").is_some_and(|svg| svg.contains("quadratic")));
    }
}
