//! The reason why a declaration is refused.

/// A declaration that makes no network: the layer, what was expected and what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", .layer.as_ref().map(|layer| format!("{layer}: ")).unwrap_or_default())]
pub struct DeclarationError {
    /// The layer by number and name, such as ``layer 3 (`C3`)``; none if it is about the network.
    pub layer: Option<String>,
    /// The expected and the found, in a sentence.
    pub problem: String,
}

impl DeclarationError {
    /// A problem of the network.
    pub(super) fn of_network(problem: String) -> Self {
        Self { layer: None, problem }
    }

    /// A problem of layer `index`, counted from 0.
    pub(super) fn of_layer(index: usize, name: &str, problem: String) -> Self {
        let name = if name.is_empty() { String::new() } else { format!(" (`{name}`)") };
        Self { layer: Some(format!("layer {}{name}", index + 1)), problem }
    }
}
