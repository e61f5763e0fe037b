//! How a user's images are made ready for a network.

use crate::kernels::maps::Shape;

/// How images are made ready for a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preparation {
    /// The network's input: maps, rows and columns.
    pub input: Shape,
    /// True for images whose rows are columns, as EMNIST's.
    pub transpose: bool,
}

/// For LeNet-5.
impl Default for Preparation {
    fn default() -> Self {
        Self { input: Shape::new(1, 32, 32), transpose: false }
    }
}

impl Preparation {
    /// Height and width, in pixels, to which images are brought: 28x28 for a grey input of 32x32, as the paper centres MNIST's, and
    /// otherwise the input's own.
    pub fn frame(&self) -> (usize, usize) {
        match self.input {
            Shape { maps: 1, height: 32, width: 32 } => (28, 28),
            Shape { height, width, .. } => (height, width),
        }
    }

    /// The size of prepared images that have this one: sets that fill the network's input are left as they are, and others are
    /// brought to the [`frame`](Self::frame).
    pub(super) fn target(&self, size: (usize, usize)) -> (usize, usize) {
        if size == (self.input.height, self.input.width) { size } else { self.frame() }
    }

    /// What is done to images of this size, in words.
    pub fn in_words(&self, size: (usize, usize)) -> String {
        let (target, turned) = (self.target(size), if self.transpose { "transposed, " } else { "" });
        if target == size {
            return format!(
                "{turned}as they are, in the middle of the network's {} x {}",
                self.input.height, self.input.width
            );
        }
        let (height, width) = target;
        format!("{turned}the longer side scaled to fill {height} x {width} by area, aspect kept, centred on background")
    }
}
