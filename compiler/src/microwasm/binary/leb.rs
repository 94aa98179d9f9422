//! LEB128 integers, in their shortest form only, and reading from bytes of which more may come.

use crate::error::CompileError;
use crate::microwasm::check::Fault;

/// Why something could not be read.
#[derive(Debug)]
pub(super) enum Stop {
    /// At least so many more bytes are needed.
    More(usize),
    /// It is wrong.
    Bad(Box<Fault>),
    /// It is wrong, and where is known.
    Refused(Box<CompileError>),
}

impl From<Box<Fault>> for Stop {
    fn from(fault: Box<Fault>) -> Stop {
        Stop::Bad(fault)
    }
}

/// What reading returns.
pub(super) type Read<T> = Result<T, Stop>;

#[cold]
pub(super) fn bad(message: impl Into<String>) -> Stop {
    Stop::Bad(Fault::rule(message))
}

/// Reads one thing after the other from bytes.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// How many bytes have been read.
    pub(super) position: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, position: 0 }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.position >= self.bytes.len()
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Read<u8> {
        let byte = *self.bytes.get(self.position).ok_or(Stop::More(1))?;
        self.position += 1;
        Ok(byte)
    }

    /// As many bytes as asked for.
    pub(super) fn bytes(&mut self, count: usize) -> Read<&'a [u8]> {
        let rest = &self.bytes[self.position..];
        let taken = rest.get(..count).ok_or_else(|| Stop::More(count - rest.len()))?;
        self.position += count;
        Ok(taken)
    }

    /// As many bytes as there are, up to a count.
    pub(super) fn at_most(&mut self, count: usize) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        let taken = &rest[..count.min(rest.len())];
        self.position += taken.len();
        taken
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Read<u32> {
        if let Some(byte) = self.bytes.get(self.position)
            && *byte < 0x80
        {
            self.position += 1;
            return Ok(u32::from(*byte));
        }
        Ok(self.unsigned(32)? as u32)
    }

    pub(super) fn u64(&mut self) -> Read<u64> {
        self.unsigned(64)
    }

    fn unsigned(&mut self, bits: u32) -> Read<u64> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            let low = u64::from(byte & 0x7F);
            if shift >= bits || (bits - shift < 7 && low >> (bits - shift) != 0) {
                return Err(bad("an integer is too large"));
            }
            value |= low << shift;
            if byte < 0x80 {
                if byte == 0 && shift != 0 {
                    return Err(bad("an integer is longer than it needs to be"));
                }
                return Ok(value);
            }
            shift += 7;
        }
    }

    #[inline]
    pub(super) fn i32(&mut self) -> Read<i32> {
        Ok(self.signed(32)? as i32)
    }

    pub(super) fn i64(&mut self) -> Read<i64> {
        self.signed(64)
    }

    #[inline]
    fn signed(&mut self, bits: u32) -> Read<i64> {
        let (mut value, mut shift, mut before) = (0i64, 0, None);
        loop {
            let byte = self.byte()?;
            if shift >= bits {
                return Err(bad("an integer is too large"));
            }
            value |= i64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 {
                let negative = byte & 0x40 != 0;
                if shift < 64 && negative {
                    value |= -1 << shift;
                }
                // The bits of the last byte beyond the integer's are its sign.
                let spare = shift.saturating_sub(bits);
                let sign = (byte << 1) as i8 >> (7 - spare);
                if spare != 0 && sign != 0 && sign != -1 {
                    return Err(bad("an integer is too large"));
                }
                let repeats = |last: u8| byte == if last & 0x40 == 0 { 0 } else { 0x7F };
                if before.is_some_and(repeats) {
                    return Err(bad("an integer is longer than it needs to be"));
                }
                return Ok(value);
            }
            before = Some(byte);
        }
    }
}

/// Appends an unsigned integer.
pub(super) fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed integer.
pub(super) fn signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value as u8 & 0x7F;
        value >>= 7;
        if value == if byte & 0x40 == 0 { 0 } else { -1 } {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_come_back() {
        let mut unsigned_values = vec![0, 1, u64::from(u32::MAX), u64::MAX];
        unsigned_values.extend((0..64).flat_map(|bit| [1u64 << bit, (1 << bit) - 1]));
        for value in unsigned_values {
            let mut bytes = Vec::new();
            unsigned(&mut bytes, value);
            assert_eq!(Reader::new(&bytes).u64().expect("well-formed"), value);
            assert_eq!(Reader::new(&bytes).u32().ok(), u32::try_from(value).ok());
            for signed_value in [value as i64, (value as i64).wrapping_neg()] {
                let mut bytes = Vec::new();
                signed(&mut bytes, signed_value);
                assert_eq!(Reader::new(&bytes).i64().expect("well-formed"), signed_value);
                assert_eq!(Reader::new(&bytes).i32().ok(), i32::try_from(signed_value).ok());
            }
        }
    }

    #[test]
    fn only_the_shortest_form_is_read() {
        for bytes in [&[0x80, 0][..], &[0xFF, 0], &[0x80; 11], &[0xFF, 0xFF, 0xFF, 0xFF, 0x1F]] {
            assert!(matches!(Reader::new(bytes).u32(), Err(Stop::Bad(_))), "{bytes:x?}");
        }
        for bytes in [&[0x80, 0][..], &[0xFF, 0x7F], &[0x80; 11], &[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]] {
            assert!(matches!(Reader::new(bytes).i32(), Err(Stop::Bad(_))), "{bytes:x?}");
        }
        assert!(matches!(Reader::new(&[0x80]).u32(), Err(Stop::More(1))));
    }
}
