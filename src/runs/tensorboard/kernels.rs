//! Kernels as a picture.

/// The side of a weight, in pixels.
const SIDE: usize = 8;

/// The distance between kernels, in pixels.
const GAP: usize = 8;

/// The most kernels in a row.
const COLUMNS: usize = 8;

/// The grey between kernels.
const PAPER: u8 = 200;

/// A picture in grey, a byte a pixel, as PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its height, in pixels.
    pub height: usize,
    /// Its width, in pixels.
    pub width: usize,
    /// The bytes of the PNG file.
    pub png: Vec<u8>,
}

impl Picture {
    /// Kernels of this (height, width), side by side: the largest weight in magnitude is white where it is positive and black where it is
    /// negative, 0 is the grey in the middle.
    ///
    /// # Panics
    /// If there is no weight.
    pub fn of_kernels(weights: &[f32], (height, width): (usize, usize)) -> Self {
        let kernels: Vec<&[f32]> = weights.chunks_exact(height * width).collect();
        assert!(!kernels.is_empty(), "a kernel at least");
        let largest = weights.iter().fold(f32::MIN_POSITIVE, |largest, weight| largest.max(weight.abs()));
        let columns = kernels.len().min(COLUMNS);
        let (down, across) = (height * SIDE + GAP, width * SIDE + GAP);
        let size = (kernels.len().div_ceil(columns) * down + GAP, columns * across + GAP);
        let mut pixels = vec![PAPER; size.0 * size.1];
        for (index, kernel) in kernels.iter().enumerate() {
            let (top, left) = (GAP + index / columns * down, GAP + index % columns * across);
            for (row, weights) in kernel.chunks_exact(width).enumerate() {
                for (column, weight) in weights.iter().enumerate() {
                    let grey = (127.5 + 127.5 * weight / largest).round() as u8;
                    for y in top + row * SIDE..top + (row + 1) * SIDE {
                        let start = y * size.1 + left + column * SIDE;
                        pixels[start..start + SIDE].fill(grey);
                    }
                }
            }
        }
        Self { height: size.0, width: size.1, png: encode(&pixels, size) }
    }
}

fn encode(pixels: &[u8], (height, width): (usize, usize)) -> Vec<u8> {
    let size = |pixels| u32::try_from(pixels).expect("a small picture");
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size(width), size(height));
    encoder.set_color(png::ColorType::Grayscale);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    written.expect("memory takes it");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_stand_side_by_side() {
        let weights = [1.0, 0.0, -2.0, 2.0, 0.5, 0.5, 0.5, 0.5];
        let picture = Picture::of_kernels(&weights, (2, 2));
        assert_eq!((picture.height, picture.width), (32, 56));
        let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.png)).read_info().unwrap();
        let mut pixels = vec![0; 32 * 56];
        reader.next_frame(&mut pixels).unwrap();
        let at = |y: usize, x: usize| pixels[y * 56 + x];
        assert_eq!([at(8, 8), at(15, 16), at(16, 8), at(23, 23)], [191, 128, 0, 255]);
        assert_eq!([at(8, 32), at(0, 0), at(8, 24), at(31, 55)], [159, PAPER, PAPER, PAPER]);
    }
}
