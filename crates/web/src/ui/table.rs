//! Tables that scroll sideways in their own box, never the page.

use maud::{Markup, html};

/// A column's head.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its words.
    pub label: &'static str,
    /// Whether its numbers stand on the right.
    pub is_right: bool,
    /// Whether the words are only for those who can't see the column.
    pub is_hidden: bool,
    /// Class of its cells, where the style sheet gives it a width or leaves it out of narrow tables.
    pub class: &'static str,
}

impl Column {
    /// The same column with a class.
    #[must_use]
    pub const fn class(self, class: &'static str) -> Column {
        Column { class, ..self }
    }

    fn classes(&self) -> Option<String> {
        let classes = match (self.is_right, self.class) {
            (false, "") => return None,
            (true, "") => "right".to_owned(),
            (true, class) => format!("right {class}"),
            (false, class) => class.to_owned(),
        };
        Some(classes)
    }
}

/// A column of words.
pub const fn column(label: &'static str) -> Column {
    Column {
        label,
        is_right: false,
        is_hidden: false,
        class: "",
    }
}

/// A column of numbers.
pub const fn right(label: &'static str) -> Column {
    Column {
        label,
        is_right: true,
        is_hidden: false,
        class: "",
    }
}

/// A column whose content explains itself, such as buttons.
pub const fn hidden(label: &'static str) -> Column {
    Column {
        label,
        is_right: false,
        is_hidden: true,
        class: "",
    }
}

/// A table with a name, heads and rows.
pub fn table(name: &str, class: &str, columns: &[Column], rows: Markup) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label=(name) {
            table class={ "table " (class) } {
                thead { tr { @for column in columns {
                    th scope="col" class=[column.classes()] {
                        @if column.is_hidden { span.vh { (column.label) } } @else { (column.label) }
                    }
                } } }
                tbody { (rows) }
            }
        }
    }
}
