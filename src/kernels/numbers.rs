//! Arrays that start at a cache line.

use std::ops::{Deref, DerefMut};

/// Numbers of `f32` in a cache line.
const LINE: usize = 16;

/// An array that starts at a cache line: a vector of 16 that crosses two lines takes twice as long to load.
#[derive(Debug)]
pub struct Numbers<T> {
    /// The numbers, from `start` on, with unused room before and after for the alignment.
    room: Vec<T>,
    start: usize,
    length: usize,
}

impl<T: Clone> Numbers<T> {
    /// `length` copies of `number`.
    pub fn filled(number: T, length: usize) -> Self {
        let room = vec![number; length + LINE];
        // Without the address of the allocation, any start is correct.
        let start = room.as_ptr().align_offset(size_of::<[T; LINE]>()).min(LINE);
        Self { room, start, length }
    }

    /// Changes the length; the values are then unspecified. Allocates only if the array was never this long.
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
