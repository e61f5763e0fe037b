//! Charts, measured in what is drawn.

use roxmltree::{Document, Node};

use super::*;
use crate::config::Measured;
use crate::training::PassRecord;

fn number(node: &Node, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// The learning curve of a run of this many passes whose errors fall from `first` as those of the paper do.
fn curve_of(passes: usize, first: f64, with_paper: bool) -> String {
    let record = |pass: usize| PassRecord {
        pass,
        running_training_error_percent: first / pass as f64,
        training_error_percent: Some(0.6 * first / pass as f64),
        test_error_percent: 0.2 + 0.7 * first / pass as f64,
        ..PassRecord::default()
    };
    let (folder, records) = (temp_dir::TempDir::new().unwrap(), (1..=passes).map(record).collect::<Vec<_>>());
    let path = folder.path().join("curve.svg");
    learning_curve(&path, "a run", &records, Measured::Test, with_paper).unwrap();
    std::fs::read_to_string(path).unwrap()
}

/// The numbers below the axis of passes.
fn ticks(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let below =
        |node: &Node| node.has_tag_name("text") && node.attribute("dy") == Some("0.76em") && number(node, "y") > 400.0;
    let texts = document.descendants().filter(|node| below(node) && node.attribute("transform").is_none());
    let texts = texts.map(|node| node.text().unwrap().trim().to_string());
    texts.filter(|text| text.parse::<f64>().is_ok()).collect()
}

/// The frame of the legend, from left to right and from top to bottom; none where it stands below the axes.
fn frame(document: &Document) -> Option<[f64; 4]> {
    let frames =
        document.descendants().filter(|node| node.has_tag_name("rect") && node.attribute("stroke") == Some("#E1E1E1"));
    let corners = |node: Node| {
        let (x, y) = (number(&node, "x"), number(&node, "y"));
        [x, x + number(&node, "width"), y, y + number(&node, "height")]
    };
    frames.map(corners).next()
}

/// The number of places of dots and lines in this colour within the frame, without the legend's own pieces of curves.
fn covered(document: &Document, frame: [f64; 4], colour: &str) -> usize {
    let inside = |x: f64, y: f64| frame[0] <= x && x <= frame[1] && frame[2] <= y && y <= frame[3];
    let mut count = 0;
    for node in document
        .descendants()
        .filter(|node| node.attribute("stroke") == Some(colour) || node.attribute("fill") == Some(colour))
    {
        if node.has_tag_name("circle") && number(&node, "r") < 4.0 {
            count += usize::from(inside(number(&node, "cx"), number(&node, "cy")));
        }
        let Some(points) = node.attribute("points") else { continue };
        let place =
            |text: &str| text.split_once(',').map(|(x, y)| (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap()));
        let points: Vec<(f64, f64)> = points.split_whitespace().filter_map(place).collect();
        let own = points.iter().all(|&(x, y)| inside(x, y) && y == points[0].1 && x - points[0].0 < 10.0);
        for ends in points.windows(2).filter(|_| !own) {
            let at =
                |share: f64| (ends[0].0 + share * (ends[1].0 - ends[0].0), ends[0].1 + share * (ends[1].1 - ends[0].1));
            count += (0..=100).map(|step| at(f64::from(step) / 100.0)).filter(|&(x, y)| inside(x, y)).count();
        }
    }
    count
}

#[test]
fn passes_are_counted_in_whole_numbers() {
    for (passes, expected) in [(1, "1"), (2, "1 2"), (3, "1 2 3"), (5, "1 2 3 4 5"), (20, "2 4 6 8 10 12 14 16 18 20")]
    {
        assert_eq!(ticks(&curve_of(passes, 10.0, true)).join(" "), expected, "{passes} passes");
    }
    let hundred = ticks(&curve_of(100, 10.0, false));
    assert!(hundred.len() >= 5 && hundred.iter().all(|tick| !tick.contains('.')), "{hundred:?}");
}

#[test]
fn the_legend_covers_no_curve() {
    for passes in [1, 2, 3, 5, 20, 100] {
        for (first, with_paper) in [(0.0, false), (2.0, true), (10.0, true), (90.0, true), (90.0, false)] {
            let svg = curve_of(passes, first, with_paper);
            let document = Document::parse(&svg).unwrap();
            for name in ["training, on the fly", "training, after the pass", "test"] {
                assert_eq!(svg.matches(&format!("\n{name}\n")).count(), 1, "{name}");
            }
            let Some(frame) = frame(&document) else { continue };
            for colour in ["#787878", "#D55E00", "#009E73", "#0072B2"] {
                assert_eq!(covered(&document, frame, colour), 0, "{colour}, {passes} passes from {first} %");
            }
        }
    }
}

/// Curves all over the chart leave no place inside it.
#[test]
fn a_legend_without_a_place_stands_below_the_axes() {
    let zigzag = (0..200).map(|x| (f64::from(x), f64::from(x * 37 % 100)));
    let curves = vec![Curve::new("all over", colour::TEST, LineStyle::Plain, zigzag)];
    let svg = draw(&[Chart { x: Axis::new("x"), y: Axis::new("y"), curves, ..Chart::default() }], ALONE).unwrap();
    let document = Document::parse(&svg).unwrap();
    assert!(frame(&document).is_none());
    let at = |text: &str| {
        let node =
            document.descendants().find(|node| node.has_tag_name("text") && node.text().unwrap_or("").trim() == text);
        number(&node.unwrap(), "y")
    };
    assert!(at("all over") > at("x") && at("all over") < 500.0, "{} {}", at("all over"), at("x"));
}

/// Numbers beside an axis differ from each other, and say something, however little the values do.
#[test]
fn an_axis_has_different_numbers_whatever_its_values() {
    for values in [&[0.0][..], &[97.0], &[0.98, 0.9801], &[0.98, 0.98], &[1e-7, 2e-7], &[5.0, 5000.0], &[-3.0]] {
        let points = values.iter().enumerate().map(|(index, &value)| (index as f64, value));
        let curves = vec![Curve::new("", colour::TEST, LineStyle::Solid, points)];
        let svg = draw(&[Chart { curves, ..Chart::default() }], ALONE).unwrap();
        let document = Document::parse(&svg).unwrap();
        let beside = document.descendants().filter(|node| node.attribute("text-anchor") == Some("end"));
        let mut numbers: Vec<&str> = beside.map(|node| node.text().unwrap().trim()).collect();
        let count = numbers.len();
        numbers.dedup();
        assert!(count >= 2 && numbers.len() == count, "{values:?}: {numbers:?}");
    }
}

/// A network whose numbers are no numbers any more has a curve as far as there is one.
#[test]
fn what_is_not_finite_is_not_drawn() {
    let points = [(1.0, 90.0), (2.0, f64::NAN), (3.0, f64::INFINITY)];
    let curves = vec![Curve::new("test", colour::TEST, LineStyle::Dashed, points)];
    let svg = draw(&[Chart { curves, ..Chart::default() }], ALONE).unwrap();
    assert_eq!(svg.matches("<circle").count(), 1, "the one point that is left, as a dot");
}
