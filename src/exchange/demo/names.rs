//! Names by the real frequencies of surnames and of the letters of given names by sex and decade (`data/surnames.csv`,
//! `data/given_names.csv`; counts of the Chinese population). Who bears them does not live here.

use super::rng::Rng;
use crate::domain::customer::Sex;

const SURNAMES: &str = include_str!("../../../data/surnames.csv");
const GIVEN: &str = include_str!("../../../data/given_names.csv");

/// The first year of birth after each cohort of the table of given names.
const COHORTS: [i32; 6] = [1960, 1970, 1980, 1990, 2000, i32::MAX];

/// Share of given names of two letters, per cent.
const TWO_LETTERS: i64 = 84;

/// The tables, ready to draw from.
pub struct Names {
    surnames: Vec<String>,
    surname_sums: Vec<u64>,
    letters: Vec<String>,
    /// Running sums by sex (male, female) and cohort.
    letter_sums: Vec<[Vec<u64>; 6]>,
}

impl Names {
    /// Reads the tables.
    pub fn load() -> Names {
        let mut names =
            Names { surnames: vec![], surname_sums: vec![], letters: vec![], letter_sums: vec![<_>::default(); 2] };
        let mut sum = 0;
        for line in SURNAMES.lines().skip(1) {
            if let Some((surname, ppm)) = line.split_once(',') {
                // Parts per million with two decimals, as a whole number.
                sum += ppm.replace('.', "").parse().unwrap_or(0u64);
                names.surnames.push(surname.to_owned());
                names.surname_sums.push(sum);
            }
        }
        for line in GIVEN.lines().skip(1) {
            let mut cells = line.split(',');
            let Some(letter) = cells.next() else { continue };
            let counts: Vec<u64> = cells.map(|c| c.trim().parse().unwrap_or(0)).collect();
            names.letters.push(letter.to_owned());
            names.add_letter(&counts);
        }
        names
    }

    /// The table gives sexes and decades apart; the share of a letter in a decade and sex is taken as their product.
    fn add_letter(&mut self, counts: &[u64]) {
        let [male, female, cohorts @ ..] = counts else { return };
        let all = (male + female).max(1);
        for (sums, of_sex) in self.letter_sums.iter_mut().zip([male, female]) {
            for (sums, of_cohort) in sums.iter_mut().zip(cohorts) {
                let weight = u128::from(*of_cohort) * u128::from(*of_sex) / u128::from(all);
                let last = sums.last().copied().unwrap_or(0);
                sums.push(last + u64::try_from(weight).unwrap_or(0));
            }
        }
    }

    /// A surname.
    pub fn surname(&self, rng: &mut Rng) -> &str {
        self.surnames.get(rng.weighted(&self.surname_sums)).map_or("王", String::as_str)
    }

    /// A given name for a sex and year of birth.
    pub fn given(&self, rng: &mut Rng, sex: Sex, born: i32) -> String {
        let letters = if rng.chance(TWO_LETTERS) { 2 } else { 1 };
        let cohort = COHORTS.iter().position(|end| born < *end).unwrap_or(0);
        let sums = self.letter_sums.get(usize::from(sex == Sex::Female)).and_then(|s| s.get(cohort));
        let sums = sums.map_or(&[][..], Vec::as_slice);
        (0..letters).filter_map(|_| self.letters.get(rng.weighted(sums))).cloned().collect()
    }

    /// A whole name.
    pub fn full(&self, rng: &mut Rng, sex: Sex, born: i32) -> String {
        let surname = self.surname(rng).to_owned();
        format!("{surname}{}", self.given(rng, sex, born))
    }
}
