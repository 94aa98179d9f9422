//! Vectors as lanes: taken apart, worked on lane by lane, and put together again.

/// What a lane can be. A float's bits are kept as they are.
pub(super) trait Lane: Copy {
    /// How many bits it has.
    const BITS: u32;

    /// The lowest lane of these bits.
    fn of(bits: u128) -> Self;

    /// Its bits, zeros above.
    fn bits(self) -> u128;
}

impl Lane for u8 {
    const BITS: u32 = 8;
    fn of(bits: u128) -> u8 {
        bits as u8
    }
    fn bits(self) -> u128 {
        self.into()
    }
}

impl Lane for i8 {
    const BITS: u32 = 8;
    fn of(bits: u128) -> i8 {
        bits as i8
    }
    fn bits(self) -> u128 {
        (self as u8).into()
    }
}

impl Lane for u16 {
    const BITS: u32 = 16;
    fn of(bits: u128) -> u16 {
        bits as u16
    }
    fn bits(self) -> u128 {
        self.into()
    }
}

impl Lane for i16 {
    const BITS: u32 = 16;
    fn of(bits: u128) -> i16 {
        bits as i16
    }
    fn bits(self) -> u128 {
        (self as u16).into()
    }
}

impl Lane for u32 {
    const BITS: u32 = 32;
    fn of(bits: u128) -> u32 {
        bits as u32
    }
    fn bits(self) -> u128 {
        self.into()
    }
}

impl Lane for i32 {
    const BITS: u32 = 32;
    fn of(bits: u128) -> i32 {
        bits as i32
    }
    fn bits(self) -> u128 {
        (self as u32).into()
    }
}

impl Lane for u64 {
    const BITS: u32 = 64;
    fn of(bits: u128) -> u64 {
        bits as u64
    }
    fn bits(self) -> u128 {
        self.into()
    }
}

impl Lane for i64 {
    const BITS: u32 = 64;
    fn of(bits: u128) -> i64 {
        bits as i64
    }
    fn bits(self) -> u128 {
        (self as u64).into()
    }
}

impl Lane for f32 {
    const BITS: u32 = 32;
    fn of(bits: u128) -> f32 {
        f32::from_bits(bits as u32)
    }
    fn bits(self) -> u128 {
        self.to_bits().into()
    }
}

impl Lane for f64 {
    const BITS: u32 = 64;
    fn of(bits: u128) -> f64 {
        f64::from_bits(bits as u64)
    }
    fn bits(self) -> u128 {
        self.to_bits().into()
    }
}

/// A lane by its number.
pub(super) fn lane<T: Lane>(vector: u128, number: u32) -> T {
    T::of(vector >> (T::BITS * number))
}

/// All lanes have this value.
pub(super) fn splat<T: Lane>(value: T) -> u128 {
    (0..128 / T::BITS).fold(0, |vector, number| vector | value.bits() << (T::BITS * number))
}

/// How many lanes are worked on: as many as the wider type has.
const fn count<A: Lane, R: Lane>() -> u32 {
    128 / if A::BITS > R::BITS { A::BITS } else { R::BITS }
}

/// From each lane one. If the result's lanes are wider, those of the operand's low half; if they are
/// narrower, the result's high half is zero.
pub(super) fn map<A: Lane, R: Lane>(a: u128, f: impl Fn(A) -> R) -> u128 {
    (0..count::<A, R>()).fold(0, |vector, number| vector | f(lane(a, number)).bits() << (R::BITS * number))
}

/// From each two lanes of one number, one; else as [`map`].
pub(super) fn zip<A: Lane, R: Lane>(a: u128, b: u128, f: impl Fn(A, A) -> R) -> u128 {
    let result = |number| f(lane(a, number), lane(b, number));
    (0..count::<A, R>()).fold(0, |vector, number| vector | result(number).bits() << (R::BITS * number))
}

/// From each three lanes of one number, one.
pub(super) fn zip3<A: Lane>(a: u128, b: u128, c: u128, f: impl Fn(A, A, A) -> A) -> u128 {
    let result = |number| f(lane(a, number), lane(b, number), lane(c, number));
    (0..128 / A::BITS).fold(0, |vector, number| vector | result(number).bits() << (A::BITS * number))
}

/// From each two neighbours one that is twice as wide.
pub(super) fn pairs<A: Lane, R: Lane>(a: u128, f: impl Fn(A, A) -> R) -> u128 {
    let result = |number| f(lane(a, 2 * number), lane(a, 2 * number + 1));
    (0..128 / R::BITS).fold(0, |vector, number| vector | result(number).bits() << (R::BITS * number))
}

/// From two neighbours of each operand one that is twice as wide.
pub(super) fn pairs2<A: Lane, R: Lane>(a: u128, b: u128, f: impl Fn([A; 2], [A; 2]) -> R) -> u128 {
    let pair = |vector, number| [lane(vector, 2 * number), lane(vector, 2 * number + 1)];
    let result = |number| f(pair(a, number), pair(b, number));
    (0..128 / R::BITS).fold(0, |vector, number| vector | result(number).bits() << (R::BITS * number))
}

/// All ones in each lane for which it holds, else zeros.
pub(super) fn test<A: Lane>(a: u128, b: u128, f: impl Fn(A, A) -> bool) -> u128 {
    let ones = u128::MAX >> (128 - A::BITS);
    let result = |number| if f(lane(a, number), lane(b, number)) { ones } else { 0 };
    (0..128 / A::BITS).fold(0, |vector, number| vector | result(number) << (A::BITS * number))
}

/// Whether no lane is zero.
pub(super) fn all<A: Lane>(a: u128) -> u128 {
    u128::from((0..128 / A::BITS).all(|number| lane::<A>(a, number).bits() != 0))
}

/// The highest bit of each lane.
pub(super) fn mask<A: Lane>(a: u128) -> u128 {
    let bit = |number| a >> (A::BITS * (number + 1) - 1) & 1;
    (0..128 / A::BITS).fold(0, |mask, number| mask | bit(number) << number)
}

/// The lanes of both operands, each half as wide: the first's are the low half.
pub(super) fn narrow<A: Lane, R: Lane>(a: u128, b: u128, f: impl Fn(A) -> R) -> u128 {
    map(a, &f) | map(b, &f) << 64
}
