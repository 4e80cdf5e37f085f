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
}

/// A column of words.
pub const fn column(label: &'static str) -> Column {
    Column {
        label,
        is_right: false,
        is_hidden: false,
    }
}

/// A column of numbers.
pub const fn right(label: &'static str) -> Column {
    Column {
        label,
        is_right: true,
        is_hidden: false,
    }
}

/// A column whose content explains itself, such as buttons.
pub const fn hidden(label: &'static str) -> Column {
    Column {
        label,
        is_right: false,
        is_hidden: true,
    }
}

/// A table with a name, heads and rows.
pub fn table(name: &str, class: &str, columns: &[Column], rows: Markup) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label=(name) {
            table class={ "table " (class) } {
                thead { tr { @for column in columns {
                    th scope="col" class=[column.is_right.then_some("right")] {
                        @if column.is_hidden { span.vh { (column.label) } } @else { (column.label) }
                    }
                } } }
                tbody { (rows) }
            }
        }
    }
}
