//! Named arrays in a file for NumPy: `numpy.load("model.npz")["c1.weight"]`.
//!
//! Such a file is a zip archive, not compressed, with an `.npy` file for each array.

use std::io::{self, Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::files::write_atomically;
use crate::network::parameters::Array;

/// The array as an `.npy` file, version 1.0 of the format: magic, length of the header, header as a Python literal, values.
fn npy(array: &Array<f32>) -> Vec<u8> {
    let sizes: Vec<String> = array.shape.iter().map(usize::to_string).collect();
    let shape = sizes.join(", ") + if sizes.len() == 1 { "," } else { "" }; // so Python writes a tuple of one
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}");
    // With the ten bytes before it and the line's end, a multiple of 64.
    let length = (header.len() + 11).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(length).expect("a few dimensions").to_le_bytes());
    bytes.extend(format!("{header:<0$}\n", length - 1).into_bytes());
    bytes.extend(array.bytes());
    bytes
}

/// Writes the arrays to the `.npz` file `path`, as a whole or not at all. The same arrays always give the same bytes.
///
/// # Errors
/// If the file cannot be written, or two arrays have one name.
pub fn write(path: &Path, arrays: &[Array<f32>]) -> io::Result<()> {
    write_atomically(path, &archive(arrays)?)
}

fn archive(arrays: &[Array<f32>]) -> io::Result<Vec<u8>> {
    // The date of the format's beginning, since the present one would change the bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for array in arrays {
        archive.start_file(format!("{}.npy", array.name), options)?;
        archive.write_all(&npy(array))?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Byte for byte what NumPy 2.4 writes: `numpy.save("c.npy", numpy.float32([[1, -2.5]]))`.
    #[test]
    fn the_bytes_are_those_of_numpy() {
        let array = Array { name: "c".into(), shape: vec![1, 2], values: vec![1.0, -2.5] };
        let mut expected =
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".to_vec();
        expected.resize(127, b' ');
        expected.extend(b"\n\x00\x00\x80\x3f\x00\x00\x20\xc0");
        let found = npy(&array);
        assert_eq!(found.len(), expected.len());
        assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn the_archive_holds_every_array() {
        let array = |name: &str, size| Array { name: name.into(), shape: vec![size], values: vec![0.5; size] };
        let arrays = [array("c1.weight", 3), array("s2.bias", 17)];
        let bytes = archive(&arrays).unwrap();
        assert_eq!(bytes, archive(&arrays).unwrap());
        let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for array in &arrays {
            let mut found = Vec::new();
            read.by_name(&format!("{}.npy", array.name)).unwrap().read_to_end(&mut found).unwrap();
            assert_eq!(found, npy(array));
        }
        assert_eq!(read.len(), 2);
        assert!(archive(&[array("twice", 1), array("twice", 1)]).is_err());
    }
}
