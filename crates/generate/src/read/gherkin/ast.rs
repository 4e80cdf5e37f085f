//! The syntax tree of a feature file. It serialises as the tree of Cucumber's messages does.

use serde::Serialize;

/// Line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct File {
    /// Its feature; an empty file has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<Feature>,
    /// All comments.
    pub comments: Vec<Comment>,
}

/// A line that starts with `#`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Its line; the column is 1.
    pub location: Location,
    /// The whole line.
    pub text: String,
}

/// A feature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Feature {
    /// Place of the keyword.
    pub location: Location,
    /// Tags of the feature, inherited by all scenarios.
    pub tags: Vec<Tag>,
    /// Key of the spoken language.
    pub language: String,
    /// Keyword as written.
    pub keyword: String,
    /// Name.
    pub name: String,
    /// Free text below the keyword.
    pub description: String,
    /// Background, scenarios and rules in order.
    pub children: Vec<Child>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// Place of the `@`.
    pub location: Location,
    /// With the `@`.
    pub name: String,
}

/// What a feature or a rule consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Child {
    /// Steps before every scenario.
    Background(Section),
    /// A scenario or an outline.
    Scenario(Section),
    /// A rule; never inside of a rule.
    Rule(Rule),
}

/// A business rule with scenarios.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Place of the keyword.
    pub location: Location,
    /// Tags, inherited by its scenarios.
    pub tags: Vec<Tag>,
    /// Keyword as written.
    pub keyword: String,
    /// Name.
    pub name: String,
    /// Free text below the keyword.
    pub description: String,
    /// Background and scenarios in order.
    pub children: Vec<Child>,
}

/// A background, a scenario or an outline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Place of the keyword.
    pub location: Location,
    /// Tags; a background has none.
    pub tags: Vec<Tag>,
    /// Keyword as written.
    pub keyword: String,
    /// Name.
    pub name: String,
    /// Free text below the keyword.
    pub description: String,
    /// Steps.
    pub steps: Vec<Step>,
    /// Tables of an outline.
    pub examples: Vec<Examples>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Place of the keyword.
    pub location: Location,
    /// Keyword as written, with the blank behind it.
    pub keyword: String,
    /// What the keyword means.
    pub keyword_type: KeywordType,
    /// Text behind the keyword.
    pub text: String,
    /// A text block below the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_string: Option<DocString>,
    /// A table below the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_table: Option<DataTable>,
}

/// What a step's keyword means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum KeywordType {
    /// Given.
    Context,
    /// When.
    Action,
    /// Then.
    Outcome,
    /// And, but.
    Conjunction,
    /// `*`, or a word that stands for several.
    Unknown,
}

/// A text block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocString {
    /// Place of the opening delimiter.
    pub location: Location,
    /// What stands behind the opening delimiter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The lines between the delimiters, with their common indentation removed.
    pub content: String,
    /// Three quotes or three backticks.
    pub delimiter: String,
}

/// A table below a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DataTable {
    /// Place of the first row.
    pub location: Location,
    /// Rows of equal length.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Place of the first `|`.
    pub location: Location,
    /// Cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Place of the first character.
    pub location: Location,
    /// Unescaped value.
    pub value: String,
}

/// Examples of an outline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Examples {
    /// Place of the keyword.
    pub location: Location,
    /// Tags, inherited by the scenarios of its rows.
    pub tags: Vec<Tag>,
    /// Keyword as written.
    pub keyword: String,
    /// Name.
    pub name: String,
    /// Free text below the keyword.
    pub description: String,
    /// First row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_header: Option<Row>,
    /// Other rows.
    pub table_body: Vec<Row>,
}
