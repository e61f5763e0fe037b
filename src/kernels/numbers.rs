//! Numbers that start at a line of the cache.

use std::ops::{Deref, DerefMut};

/// So many numbers of `f32` fill a line of the cache.
const LINE: usize = 16;

/// A slice of numbers of its own, which starts at a line of the cache: a vector of 16 that lies in two
/// lines takes twice as long to load.
#[derive(Debug)]
pub struct Numbers<T> {
    /// The numbers, from `start` on, and what the alignment leaves over.
    room: Vec<T>,
    start: usize,
    length: usize,
}

impl<T: Clone> Numbers<T> {
    /// This number so many times.
    pub fn filled(number: T, length: usize) -> Self {
        let room = vec![number; length + LINE];
        // Where a platform cannot say, any start will do.
        let start = room.as_ptr().align_offset(size_of::<[T; LINE]>()).min(LINE);
        Self { room, start, length }
    }

    /// Changes their number; what they are then means nothing. Allocates only where there were never so many.
    pub(super) fn resize(&mut self, length: usize) {
        if self.start + length > self.room.len() {
            *self = Self::filled(self.room[0].clone(), length);
        }
        self.length = length;
    }
}

impl<T> Deref for Numbers<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        &self.room[self.start..][..self.length]
    }
}

impl<T> DerefMut for Numbers<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.room[self.start..][..self.length]
    }
}

impl<T: Clone> Clone for Numbers<T> {
    fn clone(&self) -> Self {
        let mut clone = Self::filled(self.room[0].clone(), self.length);
        clone.clone_from_slice(self);
        clone
    }
}

impl<T: PartialEq, S: AsRef<[T]>> PartialEq<S> for Numbers<T> {
    fn eq(&self, other: &S) -> bool {
        **self == *other.as_ref()
    }
}

impl<T> AsRef<[T]> for Numbers<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<'a, T> IntoIterator for &'a Numbers<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
