//! What the index knows of a customer.

use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::lifecycle::Stage;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// A customer as the index takes and gives it; its texts owned, or lent by whoever reads them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row<T = String> {
    /// Row id.
    pub id: CustomerId,
    /// 客户号
    pub no: T,
    /// Name.
    pub name: T,
    /// Document number, upper case; empty when none.
    pub document: T,
    /// Phone, digits only; empty when none.
    pub phone: T,
    /// Second phone.
    pub phone2: T,
    /// Address.
    pub address: T,
    /// 片区
    pub area: T,
    /// Assets by the basis of the settings; `None` without figures.
    pub aum: Option<Fen>,
    /// Tier in force; `None` without figures.
    pub tier: Option<Tier>,
    /// Life-cycle stage.
    pub stage: Option<Stage>,
    /// 责任人
    pub owner: Option<StaffId>,
    /// 协管人
    pub assistant: Option<StaffId>,
    /// The solar birthday as month*100+day, 0 when unknown.
    pub solar: u16,
    /// The lunar birthday as month*100+day, plus 2000 for a leap month, 0 when unknown.
    pub lunar: u16,
    /// Whether the lunar birthday is the one kept.
    pub keeps_lunar: bool,
    /// When the next visit is due.
    pub next_visit: Option<NaiveDate>,
    /// Which of [`Gap`] are missing, as bits.
    pub gaps: u8,
    /// A tier set by hand is in force.
    pub held: bool,
}

/// A thing that an archive may lack and one can search for (`missing:phone`); the number is its bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Gap {
    /// 手机
    Phone = 0,
    /// 生日
    Birthday = 1,
    /// 地址
    Address = 2,
    /// 证件
    Document = 3,
    /// 责任人
    Owner = 4,
    /// 性别
    Sex = 5,
    /// 收入
    Income = 6,
    /// 资产数据
    Figures = 7,
}

impl Gap {
    /// All of them.
    pub const ALL: [Gap; 8] =
        [Gap::Phone, Gap::Birthday, Gap::Address, Gap::Document, Gap::Owner, Gap::Sex, Gap::Income, Gap::Figures];

    /// Its bit.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The code typed after `missing:`.
    pub const fn code(self) -> &'static str {
        match self {
            Gap::Phone => "phone",
            Gap::Birthday => "birthday",
            Gap::Address => "address",
            Gap::Document => "id",
            Gap::Owner => "owner",
            Gap::Sex => "sex",
            Gap::Income => "income",
            Gap::Figures => "figures",
        }
    }
}

impl<T: AsRef<str>> Row<T> {
    fn texts<'a, U>(&'a self, each: impl Fn(&'a str) -> U) -> Row<U> {
        Row {
            id: self.id,
            no: each(self.no.as_ref()),
            name: each(self.name.as_ref()),
            document: each(self.document.as_ref()),
            phone: each(self.phone.as_ref()),
            phone2: each(self.phone2.as_ref()),
            address: each(self.address.as_ref()),
            area: each(self.area.as_ref()),
            aum: self.aum,
            tier: self.tier,
            stage: self.stage,
            owner: self.owner,
            assistant: self.assistant,
            solar: self.solar,
            lunar: self.lunar,
            keeps_lunar: self.keeps_lunar,
            next_visit: self.next_visit,
            gaps: self.gaps,
            held: self.held,
        }
    }

    /// The same with lent texts.
    pub fn lend(&self) -> Row<&str> {
        self.texts(|text| text)
    }

    /// The same with texts of its own.
    pub fn own(&self) -> Row {
        self.texts(str::to_owned)
    }
}

impl Row {
    /// Takes out what only those see who may open the archive.
    pub fn cut(&mut self) {
        (self.aum, self.next_visit, self.gaps) = (None, None, 0);
    }

    /// The birthday that is kept, solar or lunar.
    pub fn birthday(&self) -> Option<crate::domain::calendar::yearly::Yearly> {
        use crate::domain::calendar::lunar::LunarDay;
        use crate::domain::calendar::yearly::Yearly;
        if self.keeps_lunar {
            return LunarDay::of_key(self.lunar).map(Yearly::Lunar);
        }
        let (month, day) = (u8::try_from(self.solar / 100).ok()?, u8::try_from(self.solar % 100).ok()?);
        (self.solar > 0).then_some(Yearly::Solar { month, day })
    }
}
