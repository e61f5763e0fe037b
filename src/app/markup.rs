//! The form of tables that are printed for a paper.

use lenet5::words::table::Table;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Markup {
    Markdown,
    Latex,
}

impl Markup {
    /// The table in this form.
    pub fn of(self, table: &Table) -> String {
        if self == Self::Latex { table.latex() } else { table.markdown() }
    }
}
