//! The states of one pattern, and the derivatives on the way back, as the kernels lay them out.

use super::packed::SLOTS;
use crate::maps::{Maps, Shape};
use crate::simd::{LANES, Lanes};

/// The image as C1 reads it: \[row\]\[v\], see [`split`](super::c1s2::split).
pub type Image = [[Lanes; 6]; 32];

/// A row of derivatives with room for zeros on both sides.
#[repr(align(64))]
#[derive(Debug, Clone, Copy)]
pub struct Wide(pub [f32; 32]);

/// The states of one pattern.
#[derive(Debug, Clone)]
pub struct States {
    pub image: Image,
    /// \[map\]\[row of S2\]\[upper or lower row\]\[even or odd columns\], lanes are columns
    pub c1: [[[[Lanes; 2]; 2]; 14]; 6],
    /// Sums of the fields of S2: \[map\]\[row\], lanes are columns.
    pub s2_fields: [[Lanes; 14]; 6],
    /// \[map\]\[row\], lanes are columns
    pub s2: [[Lanes; 14]; 6],
    /// S2 as packed C3 reads it: \[row\]\[slot\]\[column\], lanes as in [`PLACES`](super::packed::PLACES).
    pub spread: [[[Lanes; 14]; SLOTS]; 14],
    /// \[row\]\[column\], lanes are maps; so are those of S4.
    pub c3: [[Lanes; 10]; 10],
    /// Sums of the fields of S4, \[5 row + column\].
    pub s4_fields: [Lanes; 25],
    pub s4: [Lanes; 25],
    /// The 120 units of C5 and zeros.
    pub c5: [Lanes; 8],
    /// The 84 units of F6 and zeros.
    pub f6: [Lanes; 6],
}

/// Derivatives of the loss.
#[derive(Debug, Clone)]
pub struct Back {
    /// dE/dx of F6.
    pub f6: [Lanes; 6],
    /// dE/dx of C5.
    pub c5: [Lanes; 8],
    /// dE/dx of S4.
    pub s4: [Lanes; 25],
    /// dE/da of C3: \[row\]\[column\], lanes are maps.
    pub c3: [[Lanes; 10]; 10],
    /// dE/da of C3 in the lanes of the last slot.
    pub c3_last: [[Lanes; 10]; 10],
    /// dE/da of C3 by maps: \[map\]\[row\], the ten columns with zeros around them.
    pub c3_rows: [[Wide; 10]; 16],
    /// dE/dx of S2: \[map\]\[row\], lanes are columns, zero past the fourteenth.
    pub s2: [[Lanes; 14]; 6],
    /// dE/da of one map of C1: \[row\]\[even or odd columns\].
    pub c1: [[Lanes; 2]; 28],
}

impl States {
    pub const ZERO: Self = Self {
        image: [[Lanes::ZERO; 6]; 32],
        c1: [[[[Lanes::ZERO; 2]; 2]; 14]; 6],
        s2_fields: [[Lanes::ZERO; 14]; 6],
        s2: [[Lanes::ZERO; 14]; 6],
        spread: [[[Lanes::ZERO; 14]; SLOTS]; 14],
        c3: [[Lanes::ZERO; 10]; 10],
        s4_fields: [Lanes::ZERO; 25],
        s4: [Lanes::ZERO; 25],
        c5: [Lanes::ZERO; 8],
        f6: [Lanes::ZERO; 6],
    };

    /// The states of the squashed layers, map by map and row by row.
    pub fn maps(&self) -> [(&'static str, Maps<f32>); 6] {
        [
            ("C1", maps(Shape::new(6, 28, 28), |map, y, x| self.c1[map][y / 2][y % 2][x % 2].0[x / 2])),
            ("S2", maps(Shape::new(6, 14, 14), |map, y, x| self.s2[map][y].0[x])),
            ("C3", maps(Shape::new(16, 10, 10), |map, y, x| self.c3[y][x].0[map])),
            ("S4", maps(Shape::new(16, 5, 5), |map, y, x| self.s4[5 * y + x].0[map])),
            ("C5", maps(Shape::new(120, 1, 1), |unit, _, _| self.c5[unit / LANES].0[unit % LANES])),
            ("F6", maps(Shape::new(84, 1, 1), |unit, _, _| self.f6[unit / LANES].0[unit % LANES])),
        ]
    }
}

fn maps(shape: Shape, unit: impl Fn(usize, usize, usize) -> f32) -> Maps<f32> {
    let mut maps = Maps::zeros(shape);
    for (index, value) in maps.values.iter_mut().enumerate() {
        let (row, x) = (index / shape.width, index % shape.width);
        *value = unit(row / shape.height, row % shape.height, x);
    }
    maps
}

impl Back {
    pub const ZERO: Self = Self {
        f6: [Lanes::ZERO; 6],
        c5: [Lanes::ZERO; 8],
        s4: [Lanes::ZERO; 25],
        c3: [[Lanes::ZERO; 10]; 10],
        c3_last: [[Lanes::ZERO; 10]; 10],
        c3_rows: [[Wide([0.0; 32]); 10]; 16],
        s2: [[Lanes::ZERO; 14]; 6],
        c1: [[Lanes::ZERO; 2]; 28],
    };
}
