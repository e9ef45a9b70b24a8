//! A chart of horizontal bars, in groups, readable on light and on dark pages.

use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::{
    Color, IntoDrawingArea, IntoFont, RGBColor, Rectangle, SVGBackend, Text, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// One bar.
#[derive(Debug)]
pub(crate) struct Bar {
    /// Whose figure it is: it decides the colour.
    pub(crate) contestant: String,
    /// What stands before the bar.
    pub(crate) label: String,
    /// The length.
    pub(crate) value: f64,
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
    /// The contestant whose figure is 1 in the ratios behind the bars. The bars of a group are then drawn relative to
    /// the largest of the group; without it, to the largest of all.
    pub(crate) relative_to: Option<&'static str>,
}

const WIDTH: u32 = 720;
const LABELS: i32 = 150;
const FIGURES: i32 = 150;
const BAR: i32 = 16;
const STEP: i32 = 20;
const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);

/// The colours of dark pages. SVG's attributes keep those of light ones; a rule of CSS is stronger than an attribute.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) {
  [fill=\"#FFFFFF\"] { fill: #0d1117; }
  [fill=\"#1F2328\"] { fill: #e6edf3; }
  [fill=\"#0969DA\"] { fill: #4493f8; }
  [fill=\"#8C959F\"] { fill: #848d97; }
  [fill=\"#BF8700\"] { fill: #d29922; }
}</style>";

/// The colour of a contestant.
fn colour(contestant: &str) -> RGBColor {
    match contestant {
        "attache" => RGBColor(0x09, 0x69, 0xda),
        "official" => RGBColor(0xbf, 0x87, 0x00),
        _ => RGBColor(0x8c, 0x95, 0x9f),
    }
}

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
        self.draw(&mut svg, height as u32)
            .map_err(|error| error.to_string())?;
        let opened = format!(" viewBox=\"0 0 {WIDTH} {height}\"");
        if !svg.contains(&opened) {
            return Err("plotters no longer writes a viewBox".into());
        }
        let end = svg.find('>').ok_or("plotters wrote no element")?;
        svg.insert_str(end + 1, DARK);
        svg.insert_str(end, " role=\"img\"");
        Ok(svg)
    }

    fn draw(&self, svg: &mut String, height: u32) -> Result<(), DrawingError> {
        let root = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
        root.fill(&WHITE)?;
        let text = |size: i32| ("sans-serif", size).into_font().color(&INK);
        let middle = |size: i32| text(size).pos(Pos::new(HPos::Left, VPos::Center));
        root.draw(&Text::new(self.title.clone(), (10, 18), middle(20)))?;
        let all = self
            .groups
            .iter()
            .map(|group| largest(group))
            .fold(0.0, f64::max);
        let mut y = 44;
        for group in &self.groups {
            root.draw(&Text::new(group.label.clone(), (10, y), middle(17)))?;
            y += 16;
            let scale = if self.relative_to.is_some() {
                largest(group)
            } else {
                all
            };
            for bar in &group.bars {
                let length = f64::from(WIDTH as i32 - LABELS - FIGURES) * bar.value / scale;
                let end = LABELS + (length as i32).max(1);
                root.draw(&Text::new(bar.label.clone(), (20, y + BAR / 2), middle(15)))?;
                let shape = [(LABELS, y), (end, y + BAR)];
                root.draw(&Rectangle::new(shape, colour(&bar.contestant).filled()))?;
                let figure = self.figure(group, bar);
                root.draw(&Text::new(figure, (end + 6, y + BAR / 2), middle(15)))?;
                y += STEP;
            }
            y += 18;
        }
        root.present()
    }

    /// The text behind a bar: the figure, and its ratio.
    fn figure(&self, group: &Group, bar: &Bar) -> String {
        let figure = shown(bar.value);
        let base = self.relative_to.filter(|base| *base != bar.contestant);
        let base = base.and_then(|base| group.bars.iter().find(|other| other.contestant == base));
        match base {
            Some(base) => format!(
                "{figure}  ({:.2} of {})",
                bar.value / base.value,
                base.contestant
            ),
            None => figure,
        }
    }
}

fn largest(group: &Group) -> f64 {
    group.bars.iter().map(|bar| bar.value).fold(0.0, f64::max)
}

/// A figure with three digits, and commas between thousands.
fn shown(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
