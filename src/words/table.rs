//! Tables in Markdown and in LaTeX.

/// A table of short texts, whose cells may have `code`, **bold** words and \[links\](to) as in Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub heading: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The tables in a text in Markdown.
    pub fn all_of(markdown: &str) -> Vec<Self> {
        let (mut tables, mut open): (Vec<Self>, Option<Self>) = (Vec::new(), None);
        for line in markdown.lines().chain([""]) {
            match cells(line) {
                None => tables.extend(open.take()),
                Some(row) => match &mut open {
                    None => open = Some(Self { heading: row, rows: Vec::new() }),
                    Some(table) if !is_rule(&row) => table.rows.push(row),
                    Some(_) => {}
                },
            }
        }
        tables
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let line =
            |row: &Vec<String>| format!("{} |\n", row.iter().map(|cell| bar(cell)).collect::<String>().trim_end());
        let rule = "|---".repeat(self.heading.len());
        let rows: String = self.rows.iter().map(line).collect();
        format!("{}{rule}|\n{rows}", line(&self.heading))
    }

    /// The table as LaTeX's `tabular`, with the rules of the package `booktabs`; the first column is set to the left, the others to the
    /// right.
    ///
    /// ```
    /// use lenet5::words::table::Table;
    /// let table = &Table::all_of("| | ours |\n|---|---|\n| `c1`, 5 % | 1.06 +- 0.08 |\n")[0];
    /// let lines = [r"\begin{tabular}{lr}", r"\toprule", r" & ours \\", r"\midrule",
    ///     r"\texttt{c1}, 5 \% & 1.06 $\pm$ 0.08 \\", r"\bottomrule", r"\end{tabular}", ""];
    /// assert_eq!(table.latex(), lines.join("\n"));
    /// ```
    pub fn latex(&self) -> String {
        let line = |row: &Vec<String>| {
            format!("{} \\\\\n", row.iter().map(|cell| latex(cell)).collect::<Vec<_>>().join(" & "))
        };
        let columns = format!("l{}", "r".repeat(self.heading.len().saturating_sub(1)));
        let rows: String = self.rows.iter().map(line).collect();
        let heading = line(&self.heading);
        format!(
            "\\begin{{tabular}}{{{columns}}}\n\\toprule\n{heading}\\midrule\n{rows}\\bottomrule\n\\end{{tabular}}\n"
        )
    }
}

/// A cell with the bar before it.
fn bar(cell: &str) -> String {
    if cell.is_empty() { "| ".into() } else { format!("| {cell} ") }
}

/// The cells of a line; `None` if it is not one of a table.
fn cells(line: &str) -> Option<Vec<String>> {
    let row = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(row.split('|').map(|cell| cell.trim().to_string()).collect())
}

/// True for the line below a heading.
fn is_rule(row: &[String]) -> bool {
    row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|letter| letter == '-' || letter == ':'))
}

/// A cell in LaTeX.
fn latex(cell: &str) -> String {
    let (mut text, mut rest) = (String::new(), cell);
    while !rest.is_empty() {
        let (piece, after) = marked(rest).unwrap_or_else(|| {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            (plain(&rest[..first]), &rest[first..])
        });
        text += &piece;
        rest = after;
    }
    text
}

/// The mark-up at the beginning of a text in LaTeX, and the text after it.
fn marked(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = text.strip_prefix("+-") {
        return Some((r"$\pm$".into(), rest));
    }
    if let Some((inner, rest)) = text.strip_prefix('`').and_then(|text| text.split_once('`')) {
        return Some((format!(r"\texttt{{{}}}", escaped(inner)), rest));
    }
    if let Some((inner, rest)) = text.strip_prefix("**").and_then(|text| text.split_once("**")) {
        return Some((format!(r"\textbf{{{}}}", latex(inner)), rest));
    }
    let (name, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (_, rest) = rest.split_once(')')?;
    (!name.contains(['[', ']'])).then(|| (latex(name), rest))
}

fn escaped(text: &str) -> String {
    text.chars().map(|letter| plain(letter.encode_utf8(&mut [0; 4]))).collect()
}

/// One character, as LaTeX prints it.
fn plain(letter: &str) -> String {
    match letter {
        "%" | "&" | "#" | "_" | "$" | "{" | "}" => format!("\\{letter}"),
        "\\" => r"\textbackslash{}".into(),
        "~" => r"\textasciitilde{}".into(),
        "^" => r"\textasciicircum{}".into(),
        "<" | ">" => format!("${letter}$"),
        _ => letter.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Words.\n\n| from | paper |\n|---|---:|\n| a_1 | 5 % |\n| | -- |\n\nMore | words.\n| k |\n|---|\n| 3 |";

    #[test]
    fn tables_are_found_and_written_again() {
        let tables = Table::all_of(TEXT);
        let row = |cells: &[&str]| cells.iter().map(|&cell| String::from(cell)).collect::<Vec<_>>();
        assert_eq!((tables.len(), &tables[0].heading), (2, &row(&["from", "paper"])));
        assert_eq!(tables[0].rows, [row(&["a_1", "5 %"]), row(&["", "--"])]);
        assert_eq!(tables[0].markdown(), "| from | paper |\n|---|---|\n| a_1 | 5 % |\n| | -- |\n");
        assert_eq!(tables[1].markdown(), "| k |\n|---|\n| 3 |\n");
        assert!(Table::all_of("none | here").is_empty());
    }

    #[test]
    fn latex_prints_every_character() {
        for (cell, expected) in [
            (
                r"a_1 & 5 % \ {x} #1 $ ~ ^",
                r"a\_1 \& 5 \% \textbackslash{} \{x\} \#1 \$ \textasciitilde{} \textasciicircum{}",
            ),
            ("1.06 +- 0.08", r"1.06 $\pm$ 0.08"),
            ("`h_kk` and **more `a`**", r"\texttt{h\_kk} and \textbf{more \texttt{a}}"),
            ("see [notes](../notes.md)", "see notes"),
            ("[left out: 3]", "[left out: 3]"),
            ("x < 3 `open", "x $<$ 3 `open"),
        ] {
            assert_eq!(latex(cell), expected, "{cell}");
        }
    }
}
