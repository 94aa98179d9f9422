//! The log-log plot of `bench bombs`: a panel for each engine, a line for each family.

use super::{ENGINES, Report};
use anyhow::{Result, anyhow};
use plotters::prelude::*;
use std::path::Path;

/// Lines of a slope of 1 and 2 start here, so that they are in the picture.
const GUIDE: f64 = 1e-6;

/// Draws the plot.
///
/// # Errors
///
/// If there is nothing to draw, or the file cannot be written.
pub fn draw(report: &Report, path: &Path) -> Result<()> {
    let points = report.rows.iter().flat_map(|row| row.curves.values()).flat_map(|curve| &curve.points);
    let (mut bytes, mut seconds) = ((f64::INFINITY, 0.0_f64), (f64::INFINITY, 0.0_f64));
    for point in points {
        bytes = (bytes.0.min(point.bytes as f64), bytes.1.max(point.bytes as f64));
        seconds = (seconds.0.min(point.seconds), seconds.1.max(point.seconds));
    }
    if bytes.0 >= bytes.1 {
        return Err(anyhow!("there is nothing to draw"));
    }
    let area = SVGBackend::new(path, (1400, 480)).into_drawing_area();
    let drawn = || -> Result<(), DrawingAreaErrorKind<<SVGBackend<'_> as DrawingBackend>::ErrorType>> {
        area.fill(&WHITE)?;
        for (panel, engine) in area.split_evenly((1, ENGINES.len())).iter().zip(ENGINES) {
            let mut chart = ChartBuilder::on(panel)
                .caption(engine, ("sans-serif", 20))
                .margin(8)
                .x_label_area_size(36)
                .y_label_area_size(52)
                .build_cartesian_2d(
                    (bytes.0 / 1.5..bytes.1 * 1.5).log_scale(),
                    (seconds.0.max(GUIDE / 10.0) / 1.5..seconds.1 * 1.5).log_scale(),
                )?;
            chart
                .configure_mesh()
                .x_desc("bytes of the module")
                .y_desc("seconds")
                .x_labels(5)
                .y_labels(8)
                .x_label_formatter(&|x| format!("{x:.0}"))
                .y_label_formatter(&|y| format!("{y:.0e}"))
                .light_line_style(WHITE)
                .draw()?;
            for (index, row) in report.rows.iter().enumerate() {
                let Some(curve) = row.curves.get(engine) else { continue };
                let grows_fast = curve.exponent.is_some_and(|grows| grows > 1.3);
                let colour = if grows_fast { RED.mix(0.7) } else { Palette99::pick(index).mix(0.35) };
                let line = curve.points.iter().map(|point| (point.bytes as f64, point.seconds));
                chart.draw_series(LineSeries::new(line, colour.stroke_width(1)))?;
            }
            for (slope, name) in [(1.0, "linear"), (2.0, "quadratic")] {
                let at = |x: f64| seconds.0.max(GUIDE) * (x / bytes.0).powf(slope);
                let guide = [bytes.0, bytes.1].map(|x| (x, at(x)));
                chart.draw_series(DashedLineSeries::new(guide, 4, 4, BLACK.mix(0.6).stroke_width(1)))?;
                let label = Text::new(name, (bytes.0 * 6.0, at(bytes.0 * 6.0)), ("sans-serif", 12));
                chart.draw_series(std::iter::once(label))?;
            }
        }
        area.present()
    };
    drawn().map_err(|error| anyhow!("cannot draw {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Machine;
    use crate::bench::bombs::{Curve, Point, Row};
    use std::collections::BTreeMap;

    #[test]
    fn lines_are_in_the_picture() {
        let points = [1, 2, 4].map(|size| Point { size, bytes: 1000 * size as usize, seconds: 0.001, peak: None });
        let curves = BTreeMap::from([(
            ENGINES[0],
            Curve::new(&[points.to_vec()], None, &points.map(|point| point.bytes as f64)),
        )]);
        let row = Row { family: "family", by_validation: None, work_exponent: None, work_factor: Some(1.0), curves };
        let mut report = Report { machine: Machine::this(), limit: 1.0, rows: vec![row], interrupted: false };
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("plot.svg");
        draw(&report, &file).expect("it can be drawn");
        let svg = std::fs::read_to_string(&file).expect("it is there");
        assert!(svg.contains("<svg") && svg.contains("polyline"), "{svg}");
        report.rows.clear();
        assert!(draw(&report, &file).is_err());
    }
}
