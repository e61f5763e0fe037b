//! The origin of the test digits: the counts that QMNIST's authors give, and the sources of the paper's 82 errors.

use std::collections::BTreeSet;

use lenet5::data::provenance::{Database, Provenance, of_mnist_test};

/// "The first 5,001 images" are of 249 students, the other 4,999 of 48 employees, one after the other.
#[test]
fn half_of_the_test_set_is_of_students_and_half_of_employees() {
    let all = of_mnist_test();
    let (students, employees) = all.split_at(5001);
    assert_eq!((students.len(), employees.len()), (5001, 4999));
    assert!(students.iter().all(|digit| digit.series == 4 && digit.database() == Database::Sd1));
    assert!(employees.iter().all(|digit| digit.series == 0 && digit.database() == Database::Sd3));
    let writers = |digits: &[Provenance]| digits.iter().map(|digit| digit.writer).collect::<BTreeSet<_>>();
    assert_eq!(writers(employees), (326..=373).collect());
    let students = writers(students);
    assert_eq!((students.len(), students.first(), students.last()), (249, Some(&2351), Some(&2599)));
    assert!(employees.is_sorted_by_key(|digit| digit.writer));
    assert_eq!([0, 1, 5000].map(|index| all[index].writer), [2578, 2359, 2387]);
}

/// The paper's network, trained with distortions, misses 27 digits of employees and 55 of students (Fig. 8).
#[test]
fn two_thirds_of_the_papers_errors_are_of_students() {
    let (all, errors) = (of_mnist_test(), lenet5::paper::test_errors());
    let count = |database| errors.iter().filter(|error| all[error.index].database() == database).count();
    assert_eq!((count(Database::Sd3), count(Database::Sd1)), (27, 55));
}
