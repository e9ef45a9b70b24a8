//! A chart of horizontal bars, in groups, readable on light and on dark pages.
//!
//! A bar has a line from its smallest to its largest figure. A bar whose contestant ties with the one that it is compared
//! with is hollow.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::{
    Color, IntoDrawingArea, IntoFont, PathElement, RGBColor, Rectangle, SVGBackend, Text, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// One bar.
#[derive(Debug)]
pub(crate) struct Bar {
    /// Whose figure it is: it decides the colour.
    pub(crate) contestant: String,
    /// The text before the bar.
    pub(crate) label: String,
    /// The length.
    pub(crate) value: f64,
    /// The smallest and the largest figure, if they are known.
    pub(crate) range: Option<(f64, f64)>,
    /// Whether it shows no difference.
    pub(crate) tie: bool,
    /// The text at the end of its line.
    pub(crate) text: String,
}

/// Bars below one label.
#[derive(Debug)]
pub(crate) struct Group {
    /// The label.
    pub(crate) label: String,
    /// The bars, from top to bottom.
    pub(crate) bars: Vec<Bar>,
}

/// A chart.
#[derive(Debug)]
pub(crate) struct Chart {
    /// The title.
    pub(crate) title: String,
    /// The groups, from top to bottom.
    pub(crate) groups: Vec<Group>,
    /// Whether the bars are ratios: a line marks 1.
    pub(crate) ratios: bool,
}

const WIDTH: u32 = 800;
const LABELS: i32 = 190;
const FIGURES: i32 = 240;
const BAR: i32 = 16;
const STEP: i32 = 20;
/// Where the first group begins.
const TOP: i32 = 44;
/// Half of the height of the ends of the line that shows a range.
const END: i32 = 4;
const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);

/// The colours of dark pages. SVG's attributes keep those of light ones; a rule of CSS is stronger than an attribute.
const DARK: [(&str, &str); 5] = [
    ("#FFFFFF", "#0d1117"),
    ("#1F2328", "#e6edf3"),
    ("#0969DA", "#4493f8"),
    ("#8C959F", "#848d97"),
    ("#BF8700", "#d29922"),
];

/// The colour of a contestant.
fn colour(contestant: &str) -> RGBColor {
    match contestant {
        "official" => RGBColor(0xbf, 0x87, 0x00),
        // Both the whole client and a slice.
        name if name.starts_with("attache") => RGBColor(0x09, 0x69, 0xda),
        _ => RGBColor(0x8c, 0x95, 0x9f),
    }
}

type Drawing<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type DrawingError =
    DrawingAreaErrorKind<<SVGBackend<'static> as plotters::backend::DrawingBackend>::ErrorType>;

impl Chart {
    /// The chart as SVG.
    ///
    /// # Errors
    /// A failure of the library.
    pub(crate) fn svg(&self) -> Result<String, Box<dyn std::error::Error>> {
        let lines: usize = self.groups.iter().map(|group| group.bars.len()).sum();
        let height = 40 + lines as i32 * STEP + self.groups.len() as i32 * 34;
        let mut svg = String::new();
        self.draw(&mut svg, height)
            .map_err(|error| error.to_string())?;
        let opened = format!(" viewBox=\"0 0 {WIDTH} {height}\"");
        if !svg.contains(&opened) {
            return Err("plotters no longer writes a viewBox".into());
        }
        let end = svg.find('>').ok_or("plotters wrote no element")?;
        svg.insert_str(end + 1, &dark());
        svg.insert_str(end, " role=\"img\"");
        Ok(svg)
    }

    fn draw(&self, svg: &mut String, height: i32) -> Result<(), DrawingError> {
        let root = SVGBackend::with_string(svg, (WIDTH, height as u32)).into_drawing_area();
        root.fill(&WHITE)?;
        write(&root, &self.title, (10, 18), 20)?;
        let scale = self.scale();
        let mut y = TOP;
        for group in &self.groups {
            write(&root, &group.label, (10, y), 17)?;
            y += 16;
            let first = y;
            for bar in &group.bars {
                draw_bar(&root, bar, y, scale)?;
                y += STEP;
            }
            if self.ratios {
                let one = along(1.0, scale);
                let line = vec![(one, first - 3), (one, y - STEP + BAR + 3)];
                root.draw(&PathElement::new(line, INK.stroke_width(1)))?;
            }
            y += 18;
        }
        root.present()
    }

    /// The figure at the end of the space for bars.
    fn scale(&self) -> f64 {
        let bars = self.groups.iter().flat_map(|group| &group.bars);
        let largest = bars.map(Bar::end).fold(0.0, f64::max);
        match self.ratios {
            true => largest.max(1.0),
            false => largest,
        }
    }
}

impl Bar {
    /// The largest figure that is drawn.
    fn end(&self) -> f64 {
        self.range
            .map_or(self.value, |(_, high)| high.max(self.value))
    }
}

fn draw_bar(root: &Drawing<'_>, bar: &Bar, y: i32, scale: f64) -> Result<(), DrawingError> {
    let middle = y + BAR / 2;
    write(root, &bar.label, (20, middle), 15)?;
    let end = along(bar.value, scale).max(LABELS + 1);
    let shape = [(LABELS, y), (end, y + BAR)];
    let colour = colour(&bar.contestant);
    match bar.tie {
        true => root.draw(&Rectangle::new(shape, colour.stroke_width(2)))?,
        false => root.draw(&Rectangle::new(shape, colour.filled()))?,
    }
    if let Some((low, high)) = bar.range {
        let (low, high) = (along(low, scale), along(high, scale));
        let lines = [
            vec![(low, middle), (high, middle)],
            vec![(low, middle - END), (low, middle + END)],
            vec![(high, middle - END), (high, middle + END)],
        ];
        for line in lines {
            root.draw(&PathElement::new(line, INK.stroke_width(2)))?;
        }
    }
    // Behind the space for bars, where no line crosses it.
    write(root, &bar.text, (WIDTH as i32 - FIGURES + 8, middle), 15)
}

/// Where a figure is on the page.
fn along(value: f64, scale: f64) -> i32 {
    let space = f64::from(WIDTH as i32 - LABELS - FIGURES);
    LABELS + (space * value / scale).round() as i32
}

fn write(root: &Drawing<'_>, text: &str, at: (i32, i32), size: i32) -> Result<(), DrawingError> {
    let style = ("sans-serif", size).into_font().color(&INK);
    let style = style.pos(Pos::new(HPos::Left, VPos::Center));
    root.draw(&Text::new(text.to_owned(), at, style))
}

/// The rules for dark pages.
fn dark() -> String {
    let mut rules = String::from("<style>@media (prefers-color-scheme: dark) {\n");
    for (light, dark) in DARK {
        for attribute in ["fill", "stroke"] {
            rules.push_str(&format!(
                "  [{attribute}=\"{light}\"] {{ {attribute}: {dark}; }}\n"
            ));
        }
    }
    rules + "}</style>"
}

#[cfg(test)]
mod tests {
    use super::{Bar, Chart, Group};

    fn chart(range: Option<(f64, f64)>, tie: bool) -> String {
        let bar = Bar {
            contestant: "attache".to_owned(),
            label: "attache".to_owned(),
            value: 0.5,
            range,
            tie,
            text: "0.50".to_owned(),
        };
        let group = Group {
            label: "a call".to_owned(),
            bars: vec![bar],
        };
        let chart = Chart {
            title: "title".to_owned(),
            groups: vec![group],
            ratios: true,
        };
        chart.svg().unwrap_or_default()
    }

    #[test]
    fn a_range_is_a_line_with_two_ends() {
        let lines = |svg: &str| svg.matches("<polyline").count();
        // One more line marks 1.
        assert_eq!(lines(&chart(None, false)), 1);
        assert_eq!(lines(&chart(Some((0.4, 0.6)), false)), 4);
    }

    #[test]
    fn the_bar_of_a_tie_is_hollow() {
        // The rules for dark pages name all colours.
        let filled = |svg: String| -> bool {
            let shapes = svg.split("</style>").nth(1);
            shapes.is_some_and(|shapes| shapes.contains("fill=\"#0969DA\""))
        };
        assert!(filled(chart(None, false)));
        assert!(!filled(chart(None, true)));
    }
}
