//! The hot loops, and the choice between them for a network.
//!
//! | module | what is in it |
//! |---|---|
//! | [`scalar`], [`numbers`], [`maps`] | number types, arrays aligned to cache lines, feature maps of one pattern or of several |
//! | [`interface`], [`fused`] | the traits of kernels for single layers and of a whole network as one piece of code |
//! | [`compute`] | the kernels of each number type |
//! | [`plain`] | the reference: any number type, each kernel reads like its equation |
//! | [`fast`] | for `f32`, any size, one pattern: convolutions and full connections as one matrix product, the rest along rows |
//! | [`lenet5`] | for `f32`, LeNet-5 on a 32x32 image: the whole training step, the update included |
//! | [`batch`] | for `f32`, any size: sixteen patterns at once |
//! | [`simd`] | vectors at three levels, chosen at run time; in WebAssembly, at the one that it is compiled for |
//! | [`peak`] | the most multiply-adds that a core can do, to compare with |
//!
//! Property tests hold the fast kernels to the plain ones, within 1e-5 of a tensor's norm (`tests/kernels`: `each.rs`, `batch.rs`,
//! `fused.rs`).
//!
//! # The same bits everywhere
//!
//! Each kernel of [`fast`], [`lenet5`] and [`batch`] is written once and compiled for every level. The bits of its results depend on
//! the code and not on the width of the machine's vectors: products are added by fused multiply-adds, which round once (some updates
//! of single numbers round twice, on every machine); lanes are added sixteen at a time in a stated order; every sum takes its products
//! in one order, however many sums are computed together. `tests/kernels/bits.rs` compares 2,000 steps at every level, at the best one on 1, 2 and 7
//! threads, with a stored hash. The plain kernels have other bits: they do not fuse, since each product would be a library call
//! where the processor may lack the instruction.
//!
//! In WebAssembly, too, but for relaxed SIMD whose multiply-add rounds twice, which is refused ([`simd::Level::available`]). For plain
//! SIMD, the multiply-add is emulated: two products and sums in `f64`, corrected where rounding them again would be wrong.
//! `tests/page/bits.test.mjs` compares models that are trained there, byte by byte, with those of `lenet5 train`.
//!
//! # fearless_simd, not `std::arch`
//!
//! The forward product of C3 took the same time with either; fearless_simd needs no `unsafe`. Two instructions that it does not offer,
//! the lookups of lanes of AVX-512 and of AVX2, are called through its `kernel!`.
//!
//! # What made LeNet-5 fast
//!
//! By gain on Zen 4, largest first (`lenet5 bench` measures the step and each of its kernels, [`lenet5::Kernel`]):
//!
//! - All code of a kernel inlined, helpers and closures included, and sums in registers only: loops over sums written out
//!   ([`simd`]'s `unroll`). `array::map` and `from_fn` are calls.
//! - The squashing function as a rational: sixteen lanes in half the time that `tanh` of a library takes for one.
//! - C3 with its sixteen maps as lanes and its sixty kernels packed into 4 x 16 slots, instead of all six maps of S2 for each map,
//!   with zeros.
//! - C5's and F6's weights stored in the order in which they are read, and updated as they are read: as fast as the second-level
//!   cache delivers them.
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
