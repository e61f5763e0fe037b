//! A model's tensors as files hold them.

/// Numbers with a name and dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Such as `c1.weight`.
    pub name: String,
    /// Its dimensions, outermost first.
    pub shape: Vec<usize>,
    /// Its values, row by row.
    pub values: Vec<f32>,
}

impl Array {
    /// Its values as little-endian bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }
}
