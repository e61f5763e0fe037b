//! Small valid inputs, and what makes mutated ones less easily refused.

use std::io::{Cursor, Write};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};

/// An upright stroke on paper, 24 x 24 pixels.
fn stroke(x: u32, y: u32) -> u8 {
    if (10..14).contains(&x) && (3..21).contains(&y) { 20 } else { 240 }
}

/// The picture in each format and kind of pixel that is read.
pub fn pictures() -> Vec<Vec<u8>> {
    let grey = DynamicImage::from(GrayImage::from_fn(24, 24, |x, y| Luma([stroke(x, y)])));
    let encoded = |image: DynamicImage, format| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    };
    let mut all = vec![
        encoded(grey.clone(), ImageFormat::Png),
        encoded(grey.to_luma_alpha8().into(), ImageFormat::Png),
        encoded(grey.to_rgba8().into(), ImageFormat::Png),
        encoded(grey.to_luma16().into(), ImageFormat::Png),
        encoded(grey.to_rgba16().into(), ImageFormat::Png),
        png(8, 3, false),
        png(2, 3, true),
        png(1, 0, false),
        png(8, 0, true),
        encoded(grey.clone(), ImageFormat::Jpeg),
        encoded(grey.to_rgb8().into(), ImageFormat::Jpeg),
        encoded(grey.clone(), ImageFormat::Bmp),
        encoded(grey.to_rgba8().into(), ImageFormat::Bmp),
        encoded(grey.clone(), ImageFormat::Pnm),
        encoded(grey.to_rgb8().into(), ImageFormat::Pnm),
        encoded(grey.to_rgba8().into(), ImageFormat::Pnm),
    ];
    let levels: Vec<String> = (0..24 * 24).map(|at| stroke(at % 24, at / 24).to_string()).collect();
    let inked: String = (0..24 * 24).map(|at| if stroke(at % 24, at / 24) < 128 { "1 " } else { "0 " }).collect();
    all.push(format!("P1\n24 24\n{inked}").into_bytes());
    all.push(format!("P2\n# a stroke\n24 24\n255\n{}\n", levels.join(" ")).into_bytes());
    all.push([b"P4\n24 24\n".to_vec(), [0, 0x3c, 0].repeat(24)].concat());
    all
}

/// The picture as a PNG of `depth` bits a pixel, grey (colour 0) or by a palette (3), its rows at once or in seven passes.
fn png(depth: u8, colour: u8, interlaced: bool) -> Vec<u8> {
    let passes: &[[u32; 4]] = match interlaced {
        true => &[[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]],
        false => &[[0, 0, 1, 1]],
    };
    let light = if colour == 3 { 1 } else { (1_u16 << depth).wrapping_sub(1) as u8 };
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::fast());
    for &[left, top, across, down] in passes {
        for y in (top..24).step_by(down as usize) {
            let pixels: Vec<u8> = (left..24).step_by(across as usize).map(|x| stroke(x, y)).collect();
            let pack = |pixels: &[u8]| {
                let level = |pixel: &u8| if *pixel > 128 { light } else { 0 };
                let filled = pixels.iter().map(level).chain(std::iter::repeat(0)).take(8 / usize::from(depth));
                filled.fold(0_u8, |byte, level| byte.checked_shl(depth.into()).unwrap_or(0) | level)
            };
            let packed: Vec<u8> = pixels.chunks(8 / usize::from(depth)).map(pack).collect();
            rows.write_all(&[&[0], &packed[..]].concat()).unwrap();
        }
    }
    let header = [&[0, 0, 0, 24, 0, 0, 0, 24, depth, colour, 0, 0][..], &[u8::from(interlaced)]].concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &header));
    if colour == 3 {
        bytes.extend(chunk(b"PLTE", &[20, 20, 20, 240, 240, 240]));
    }
    bytes.extend(chunk(b"IDAT", &rows.finish().unwrap()));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

fn chunk(kind: &[u8], contents: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(contents);
    [&(contents.len() as u32).to_be_bytes()[..], kind, contents, &sum.sum().to_be_bytes()].concat()
}

/// A PNG with the check sums of its chunks right again; other pictures as they are.
pub fn mend_png(bytes: Vec<u8>) -> Vec<u8> {
    let Some((signature, mut rest)) = bytes.split_at_checked(8).filter(|(signature, _)| signature[1..4] == *b"PNG")
    else {
        return bytes;
    };
    let mut mended = signature.to_vec();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((contents, after)) = after.split_at_checked(length.saturating_add(4)) else { break };
        mended.extend(chunk(&contents[..4], &contents[4..]));
        rest = after.get(4..).unwrap_or_default();
    }
    mended.extend(rest);
    mended
}

/// A safetensors file with the length of its header right again, as far as its end can be told.
pub fn mend_model(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(end) = bytes.windows(3).rposition(|three| three == b"]}}") {
        let padding = bytes[end + 3..].iter().take_while(|&&byte| byte == b' ').count();
        let length = (end + 3 + padding).saturating_sub(8) as u64;
        bytes[..8].copy_from_slice(&length.to_le_bytes());
    }
    bytes
}

/// An event file with the check sums of its records right again.
pub fn mend_events(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = |bytes: &[u8]| {
        let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(bytes);
        sum.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
    };
    let mut at = 0;
    while let Some(length) = bytes.get(at..at + 8).map(|length| u64::from_le_bytes(length.try_into().unwrap())) {
        let end = usize::try_from(length).ok().and_then(|length| length.checked_add(at + 12));
        let Some(end) = end.filter(|end| end.saturating_add(4) <= bytes.len()) else { break };
        let sums = (sum(&bytes[at..at + 8]), sum(&bytes[at + 12..end]));
        bytes[at + 8..at + 12].copy_from_slice(&sums.0);
        bytes[end..end + 4].copy_from_slice(&sums.1);
        at = end + 4;
    }
    bytes
}
