//! Multiply-adds that tell whether they are rounded once.

/// The unit in the last place of 1.
const UNIT: f32 = f32::EPSILON;
/// A number of half as many digits: (1 + ROOT)^2 lies in the middle between two numbers.
const ROOT: f32 = 1.0 / 4096.0;
/// Too small beside 1 for `f64`.
const SPECK: f32 = UNIT * UNIT * UNIT;
/// The smallest number.
const SMALLEST: f32 = f32::from_bits(1);

/// Each a, b and c with the number that is nearest to a b + c.
#[rustfmt::skip]
pub(super) const CASES: [([f32; 3], f32); 6] = [
    // The sum cancels all of the product but what rounding it would lose.
    ([1.0 + ROOT, 1.0 + ROOT, -(1.0 + 2.0 * ROOT)], ROOT * ROOT),
    ([1.0 + UNIT, 1.0 - UNIT, -1.0], -UNIT * UNIT),
    // Beside the middle between two numbers: in `f64`, the sum is the middle, from which it would be rounded to the even one.
    ([1.0 + ROOT, 1.0 + ROOT, SPECK], 1.0 + 2.0 * ROOT + UNIT),
    ([1.0 + ROOT, 1.0 + 3.0 * ROOT, -SPECK], 1.0 + 4.0 * ROOT + UNIT),
    // The product overflows, the sum does not.
    ([f32::MAX, 2.0, -f32::MAX], f32::MAX),
    // The product is half of the smallest number.
    ([f32::MIN_POSITIVE, UNIT / 2.0, 3.0 * SMALLEST], 4.0 * SMALLEST),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{LANES, Lanes, Level, Simd, at_level, emulated, fma, load, parts, store};

    #[test]
    fn the_cases_tell_twice_from_once() {
        let wrong = |sum: fn(f32, f32, f32) -> f32| {
            CASES.map(|([a, b, c], nearest)| sum(a, b, c).to_bits() != nearest.to_bits())
        };
        assert_eq!(wrong(f32::mul_add), [false; 6]);
        assert_eq!(wrong(|a, b, c| a * b + c), [true; 6]);
        let in_f64 = wrong(|a, b, c| (f64::from(a) * f64::from(b) + f64::from(c)) as f32);
        assert_eq!(in_f64, [false, false, true, true, false, false]);
    }

    /// A stream of random bits (SplitMix64).
    struct Bits(u64);

    impl Bits {
        fn next(&mut self) -> u32 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) >> 32) as u32
        }

        /// A number with this exponent, whose last `zeros` digits are zero.
        fn number(&mut self, exponent: u32, zeros: u32) -> f32 {
            let bits = self.next();
            f32::from_bits((bits & 0x8000_0000) | ((exponent & 0xff) << 23) | ((bits & 0x7f_ffff) >> zeros << zeros))
        }

        /// Numbers of one of the kinds that are hard: any bits; a sum near the product; a product of few digits, beside which the sum is
        /// small or a tie; a product just below half of the smallest number; results around the smallest and the largest numbers.
        fn numbers(&mut self) -> [f32; 3] {
            let (kind, shift) = (self.next() % 6, self.next() % 60);
            match kind {
                0 => [0; 3].map(|_: u32| f32::from_bits(self.next())),
                1 => {
                    let (a, b) = (self.number(shift + 97, 0), self.number(127, 0));
                    let near = (-(a * b)).to_bits().wrapping_add(self.next() % 5).wrapping_sub(2);
                    [a, b, f32::from_bits(near)]
                }
                2 => {
                    let zeros = 11 + self.next() % 3;
                    [self.number(127, zeros), self.number(127, zeros), self.number(67 + shift, 20)]
                }
                3 => {
                    let zeros = self.next() % 24;
                    [self.number(shift, zeros), self.number(127 - shift, zeros), self.number(self.0 as u32 % 26, zeros)]
                }
                4 => {
                    // Beside it, the numbers with which it is added leave no room in an `f64` for what it lacks of the half.
                    let (root, off) = (f32::from_bits(52 << 23), (1 + self.next() % 100) as f32 * UNIT);
                    let sign = if self.next().is_multiple_of(2) { 1.0 } else { -1.0 };
                    let exponent = self.next() % 2;
                    [root * (1.0 + off), sign * root * (1.0 - off), self.number(exponent, 0)]
                }
                _ => [self.number(127 + shift, 0), self.number(253 - shift, 0), self.number(252 + shift % 3, 0)],
            }
        }
    }

    /// All numbers that are special, with their neighbours.
    fn special() -> Vec<f32> {
        let positive = [0.0, SMALLEST, f32::MIN_POSITIVE, SPECK, ROOT, 1.0, 1.0 + ROOT, 3.0, 1e19, f32::MAX];
        let near = positive.iter().flat_map(|x| [x.next_down(), *x, x.next_up()]);
        near.chain([f32::INFINITY, f32::NAN]).flat_map(|x| [x, -x]).collect()
    }

    /// The multiply-add of this level, or the one that is emulated with its other instructions.
    #[derive(Debug, Clone, Copy)]
    enum By {
        Level,
        Emulation,
    }

    fn check(level: Level, by: By, numbers: &[[f32; 3]]) {
        for sixteen in numbers.chunks(LANES) {
            let of =
                |which: usize| Lanes(std::array::from_fn(|i| sixteen.get(i).map_or(0.0, |numbers| numbers[which])));
            let (a, b, c) = (of(0), of(1), of(2));
            let mut found = Lanes::ZERO;
            at_level!(level, simd => add(simd, by, [&a, &b, &c], &mut found));
            for (&[a, b, c], found) in sixteen.iter().zip(found.0) {
                let expected = a.mul_add(b, c);
                let is_same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
                assert!(is_same, "{level:?}, {by:?}: {a:e} * {b:e} + {c:e} = {expected:e}, found {found:e}");
            }
        }
    }

    #[inline(always)]
    fn add<S: Simd>(simd: S, by: By, numbers: [&Lanes; 3], to: &mut Lanes) {
        for part in 0..parts::<S>() {
            let [a, b, c] = numbers.map(|lanes| load(simd, lanes, part));
            let sum = match by {
                By::Level => fma::<S>(a, b, c),
                By::Emulation => emulated::fma::<S>(a, b, c),
            };
            store::<S>(sum, to, part);
        }
    }

    /// The bits of `f32::mul_add`, of special numbers and of four million that are hard.
    #[test]
    fn every_level_rounds_once() {
        let special = special();
        let pairs = || special.iter().flat_map(|&a| special.iter().map(move |&b| (a, b)));
        let all: Vec<_> = pairs().flat_map(|(a, b)| special.iter().map(move |&c| [a, b, c])).collect();
        let mut bits = Bits(1998);
        let random: Vec<_> = (0..4_000_000).map(|_| bits.numbers()).collect();
        let twice = |&&[a, b, c]: &&[f32; 3]| (f64::from(a) * f64::from(b) + f64::from(c)) as f32 != a.mul_add(b, c);
        let told = random.iter().filter(|[a, b, c]| (a * b + c).is_finite()).filter(twice).count();
        assert!(told > 1000, "{told} of them would be wrong if the sum were rounded in f64 first");
        for level in Level::available() {
            assert!(level.rounds_once());
            for by in [By::Level, By::Emulation] {
                check(level, by, &all);
                check(level, by, &random);
            }
        }
    }
}
