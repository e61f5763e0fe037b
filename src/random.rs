//! Named random streams: the same numbers on every machine and for any number of threads.
//!
//! A stream belongs to one purpose (the start of the weights, the order of the patterns, ...) and, within it, to one index
//! (a pass, a sample), so that what one part of a run draws never shifts what another part draws.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The generator of `purpose` number `index` in the run that has this `seed`: ChaCha with 8 rounds, keyed by the SHA-256 of
/// seed and purpose, on stream `index`.
///
/// ```
/// use lenet5::random::stream;
/// use rand::RngExt;
/// let draw = |purpose, index| stream(1, purpose, index).random::<u64>();
/// assert_eq!(draw("order", 0), draw("order", 0));
/// assert_ne!(draw("order", 0), draw("order", 1));
/// assert_ne!(draw("order", 0), draw("weights", 0));
/// ```
pub fn stream(seed: u64, purpose: &str, index: u64) -> ChaCha8Rng {
    let key = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(purpose.as_bytes()).finalize();
    let mut generator = ChaCha8Rng::from_seed(key.into());
    generator.set_stream(index);
    generator
}
