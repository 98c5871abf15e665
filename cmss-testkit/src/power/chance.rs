//! Choices that follow from a number.

/// Draws numbers, by the generator SplitMix64.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Begins with a number; the same one draws the same.
    #[must_use]
    pub const fn new(from: u64) -> Self {
        Self(from)
    }

    /// Draws any number.
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Draws a number below another; 0 where that is 0.
    pub const fn below(&mut self, number: usize) -> usize {
        match self.draw().checked_rem(number as u64) {
            Some(drawn) => drawn as usize,
            None => 0,
        }
    }

    /// Draws yes once in so many times.
    pub const fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
