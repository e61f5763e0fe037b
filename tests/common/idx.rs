//! The format of MNIST's files.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

/// An IDX file of these dimensions and bytes: three for images, one for labels.
pub fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let header: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).collect();
    [&[0, 0, 8, sizes.len() as u8], &header[..], bytes].concat()
}

pub fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes.as_ref()).unwrap();
    packed.finish().unwrap()
}
