//! S2 as packed C3 reads it: at each position sixteen lanes a slot, each with the state of the map that the lane's kernel reads.

use super::packed::{PLACES, SLOTS};
use crate::simd::{Lanes, Simd, SimdBase, SimdCombine, SimdFrom, f32x4, transpose, unroll};

/// The map of S2 that each lane of each slot reads; 0 where no kernel stands.
const FROM: [[u32; 16]; SLOTS] = {
    let mut from = [[0; 16]; SLOTS];
    let mut pair = 0;
    while pair < PLACES.len() {
        let place = PLACES[pair];
        from[place.slot][place.lane] = place.from as u32;
        pair += 1;
    }
    from
};

/// A position's states: six maps and two zeros.
type Column = [f32; 8];

/// Fills `spread` from the states of S2.
#[inline(always)]
pub fn spread<S: Simd>(simd: S, s2: &[[Lanes; 14]; 6], spread: &mut [[[Lanes; 14]; SLOTS]; 14]) {
    let zero = f32x4::simd_from(simd, 0.0);
    for (y, rows) in spread.iter_mut().enumerate() {
        // Blocks of four columns, the last one over again in part: fourteen.
        for x in [0, 4, 8, 10] {
            let four = |map: usize| f32x4::from_slice(simd, &s2[map][y].0[x..x + 4]);
            let low = transpose([four(0), four(1), four(2), four(3)]);
            let high = transpose([four(4), four(5), zero, zero]);
            unroll!(COLUMN in [0 1 2 3] {
                let column: Column = *low[COLUMN].combine(high[COLUMN]);
                match simd.level() {
                    #[cfg(target_arch = "x86_64")]
                    fearless_simd::Level::Avx512(token) => look_up_avx512(token, column, x + COLUMN, rows),
                    #[cfg(target_arch = "x86_64")]
                    fearless_simd::Level::Avx2(token) => look_up_avx2(token, column, x + COLUMN, rows),
                    _ => look_up(column, x + COLUMN, rows),
                }
            });
        }
    }
}

#[inline(always)]
fn look_up(column: Column, x: usize, rows: &mut [[Lanes; 14]; SLOTS]) {
    for (row, from) in rows.iter_mut().zip(&FROM) {
        for (lane, &map) in row[x].0.iter_mut().zip(from) {
            *lane = column[map as usize];
        }
    }
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn look_up_avx512(token: Avx512, column: Column, x: usize, rows: &mut [[Lanes; 14]; SLOTS]) {
        use fearless_simd::{f32x8, f32x16, prelude::*, u32x16};
        use std::arch::x86_64::{_mm512_castps256_ps512, _mm512_permutexvar_ps};
        let column = _mm512_castps256_ps512(f32x8::load_array(token, column).into());
        for (row, from) in rows.iter_mut().zip(&FROM) {
            let from = u32x16::from_slice(token, from).into();
            let found: f32x16<_> = _mm512_permutexvar_ps(from, column).simd_into(token);
            found.store_slice(&mut row[x].0);
        }
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn look_up_avx2(token: Avx2, column: Column, x: usize, rows: &mut [[Lanes; 14]; SLOTS]) {
        use fearless_simd::{f32x8, prelude::*, u32x8};
        use std::arch::x86_64::_mm256_permutevar8x32_ps;
        let column = f32x8::load_array(token, column).into();
        for (row, from) in rows.iter_mut().zip(&FROM) {
            for (half, from) in from.chunks_exact(8).enumerate() {
                let from = u32x8::from_slice(token, from).into();
                let found: f32x8<_> = _mm256_permutevar8x32_ps(column, from).simd_into(token);
                found.store_slice(&mut row[x].0[8 * half..][..8]);
            }
        }
    }
);
