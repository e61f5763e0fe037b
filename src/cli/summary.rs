//! `lenet5 summary`

use std::io::Write;
use std::process::ExitCode;

use anyhow::ensure;
use lenet5::layers::Distance;
use lenet5::{codes, models, paper};

use super::format::thousands;

/// Prints the table of layers: maps, parameters and connections, the paper's beside ours.
pub fn run(out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let network = models::lenet5::<f32>(&codes::digits(), Distance::Sum);
    let rows = network.table(network.input())?;
    writeln!(out, "LeNet-5 for an input of {} units (section II-B)\n", network.input())?;
    writeln!(
        out,
        "{:<6}{:<14}{:>12}{:>12}{:>14}{:>12}",
        "layer", "maps", "parameters", "paper", "connections", "paper"
    )?;
    let mut differ = Vec::new();
    for (row, &(name, maps, parameters, connections)) in rows.iter().zip(&paper::LENET5) {
        let output = row.output.to_string();
        let counts = [row.parameters, parameters, row.connections, connections].map(thousands);
        writeln!(
            out,
            "{:<6}{:<14}{:>12}{:>12}{:>14}{:>12}",
            row.name, output, counts[0], counts[1], counts[2], counts[3]
        )?;
        if (row.name.as_str(), output.as_str(), row.parameters, row.connections)
            != (name, maps, parameters, connections)
        {
            differ.push(name);
        }
    }
    let parameters = rows.iter().map(|row| row.parameters).sum();
    let connections = rows.iter().map(|row| row.connections).sum();
    let totals = [parameters, paper::LENET5_PARAMETERS, connections, paper::LENET5_CONNECTIONS];
    let counts = totals.map(thousands);
    writeln!(out, "{:<6}{:<14}{:>12}{:>12}{:>14}{:>12}", "total", "", counts[0], counts[1], counts[2], counts[3])?;
    writeln!(out, "\nRBF: {} fixed components, not trained.", thousands(10 * codes::BITS))?;
    ensure!(differ.is_empty() && rows.len() == paper::LENET5.len(), "these layers differ from the paper's: {differ:?}");
    ensure!(totals[0] == totals[1] && totals[2] == totals[3], "the totals differ from the paper's");
    Ok(ExitCode::SUCCESS)
}
