//! The hot loops, and which of them a network runs on.
//!
//! | module | what is in it |
//! |---|---|
//! | [`scalar`], [`numbers`], [`maps`] | a number, numbers in lines of the cache, feature maps of one pattern or of several |
//! | [`interface`], [`fused`] | what layers ask of kernels, and a network of its one piece of code |
//! | [`compute`] | which kernels a network runs on |
//! | [`plain`] | the reference: any number type, each kernel reads like its equation |
//! | [`fast`] | for `f32`, any size, one pattern: convolutions and full connections as one matrix product, the rest along rows |
//! | [`lenet5`] | for `f32`, LeNet-5 on a 32x32 image: the whole training step, the update included |
//! | [`batch`] | for `f32`, any size: sixteen patterns at once |
//! | [`simd`] | vectors at three levels, chosen at run time |
//! | [`peak`] | the most multiply-adds that a core can do, to compare with |
//!
//! The fast kernels are held to the plain ones by property tests (`tests/kernels.rs`, `tests/batch.rs`, `tests/fixed.rs`: 1e-5 of a tensor's norm).
//!
//! # The same bits everywhere
//!
//! Each kernel of [`fast`], [`lenet5`] and [`batch`] is written once and compiled for every level. What decides about bits is the code and
//! not the width of the machine's vectors: products are added by multiply-adds that round once (updates of single numbers, here
//! and there, round twice, on every machine); lanes meet only where sixteen of them are added, in a stated order; every sum takes
//! its products in one order, however many sums are worked on together. `tests/bits.rs` holds 2,000 steps at every level, on 1, 2 and 7 threads, to a stored hash. (The plain kernels do
//! not fuse: where the instruction cannot be taken for granted, each product would be a library call. So they have bits of
//! their own.)
//!
//! # fearless_simd, not `std::arch`
//!
//! The forward product of C3 on a trial, the same loop on either, took the same time. With no difference in speed, the one that needs no `unsafe` was taken; there is none in this
//! package. Two instructions that it does not offer, a lookup of lanes by AVX-512 and by AVX2, are called through its `kernel!`.
//!
//! # What made LeNet-5 fast
//!
//! In order of what they gave, on Zen 4 (`lenet5 bench` measures the step and each kernel of it, [`lenet5::Kernel`]):
//!
//! - All code of a kernel inlined, helpers and closures included, and sums in registers only: loops over sums written out
//!   ([`simd`]'s `unroll`). `array::map` and `from_fn` are calls.
//! - The squashing function as a rational: sixteen lanes in half the time that `tanh` of a library takes for one.
//! - C3 with its sixteen maps as lanes and its sixty kernels packed into 4 x 16 slots, instead of all six maps of S2 for each map,
//!   with zeros.
//! - C5's and F6's weights in the order of the walk, moved in the walk that reads them: as fast as the second level of the cache
//!   delivers them.
//! - C1 by three maps and two rows at a time, as six maps do not fit the registers; columns split into even and odd ones, so that S2
//!   adds vectors.
//! - At AVX2, the derivatives with respect to S2 by rows chosen so that no sum waits for its last product.
//! - Blocks of 4x4 transposed in registers, the image split by vector instructions, eq. 9's exponentials computed once.
//!
//! No gain: all 25 taps of a C3 kernel at once (they do not fit the registers), smaller blocks of columns at AVX2.

pub mod batch;
pub mod compute;
mod connections;
pub mod fast;
pub mod fused;
pub mod interface;
pub mod lenet5;
pub mod maps;
pub mod numbers;
pub mod peak;
pub mod plain;
pub mod scalar;
pub mod simd;

pub use connections::{Connections, MAX_KERNEL, Table};
pub use fused::Fused;
pub use interface::{Kernels, Plain};
