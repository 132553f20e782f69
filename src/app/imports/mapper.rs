//! Matching the columns of a file to those of a layout: what is proposed, what was chosen. How a row is then read never lives here.

use super::{Column, Layout, Mapping, Strange, Tried};
use crate::app::input::Line;
use crate::app::list::Cursor;

/// A row of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The layout.
    Layout,
    /// What the mapping is called.
    Name,
    /// One of the choices.
    Choice(usize),
    /// One of the layout's columns.
    Column(usize),
}

/// Where a column of the layout comes from.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Headers of the file, by their places.
    pub headers: Vec<usize>,
    /// What stands for it in every row.
    pub constant: Line,
}

impl Source {
    /// Whether it comes from nowhere.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.constant.text().trim().is_empty()
    }
}

/// Columns being matched.
#[derive(Debug, Clone)]
pub struct Mapper {
    /// The file.
    pub strange: Strange,
    /// The layout it is matched to.
    pub layout: usize,
    /// What the mapping is called.
    pub name: Line,
    /// Which of its choices each choice has.
    pub choices: Vec<usize>,
    /// Where each column of the layout comes from.
    pub columns: Vec<Source>,
    /// Where one stands.
    pub cursor: Cursor,
    /// The first rows by it, as far as they came back.
    pub tried: Vec<Tried>,
    /// The next header chosen is one more for the column, not another.
    pub more: bool,
    /// Something was changed by hand.
    pub dirty: bool,
}

impl Mapper {
    /// Begins with what is proposed, for the layout that it fits best.
    pub fn new(strange: Strange) -> Mapper {
        let fit = |l: &Layout| {
            let found = propose(&l.columns, &strange.headers);
            let needed = l.columns.iter().zip(&found).filter(|(c, _)| c.needed);
            let (have, all) = needed.fold((0, 0), |(have, all), (_, f)| (have + usize::from(f.is_some()), all + 1));
            (have * 100 / all.max(1), found.iter().flatten().count())
        };
        let best = strange.layouts.iter().enumerate().max_by_key(|(at, l)| (fit(l), usize::MAX - at));
        let proposed = strange.proposed.clone();
        let known = proposed.as_ref().and_then(|m| strange.layouts.iter().position(|l| l.name == m.layout));
        let layout = known.unwrap_or(best.map_or(0, |(at, _)| at));
        let mut mapper = Mapper {
            choices: vec![0; strange.choices.len()],
            strange,
            layout,
            name: Line::default(),
            columns: Vec::new(),
            cursor: Cursor::default(),
            tried: Vec::new(),
            more: false,
            dirty: false,
        };
        mapper.begin();
        if let Some(mapping) = proposed.filter(|_| known.is_some()) {
            mapper.bring(&mapping);
        }
        mapper.stand();
        mapper
    }

    fn begin(&mut self) {
        let Some(layout) = self.strange.layouts.get(self.layout) else { return };
        let found = propose(&layout.columns, &self.strange.headers);
        let source = |at: Option<usize>| Source { headers: at.into_iter().collect(), constant: Line::default() };
        self.columns = found.into_iter().map(source).collect();
        self.name.set(layout.name.clone());
        self.tried.clear();
    }

    /// Takes over what a mapping says.
    fn bring(&mut self, mapping: &Mapping) {
        if !mapping.name.is_empty() {
            self.name.set(mapping.name.clone());
        }
        if mapping.choices.len() == self.choices.len() {
            self.choices.clone_from(&mapping.choices);
        }
        let place = |h: &String| self.strange.headers.iter().position(|x| x == h);
        let source = |c: &Column| {
            let headers = mapping.columns.iter().find(|(name, _)| *name == c.name);
            let constant = mapping.constants.iter().find(|(name, _)| *name == c.name);
            Source {
                headers: headers.map(|(_, h)| h.iter().filter_map(place).collect()).unwrap_or_default(),
                constant: Line::of(constant.map(|(_, text)| text.clone()).unwrap_or_default()),
            }
        };
        self.columns = self.fields().iter().map(source).collect();
    }

    /// Stands on the first column that is needed and lacks, else on the first of all.
    fn stand(&mut self) {
        let lacking = self.fields().iter().zip(&self.columns).position(|(c, s)| c.needed && s.is_empty());
        let at = lacking.unwrap_or(0);
        self.cursor.at = self.rows().iter().position(|r| *r == Row::Column(at)).unwrap_or_default();
    }

    /// The rows of the screen.
    pub fn rows(&self) -> Vec<Row> {
        let choices = self.strange.layouts.get(self.layout).map_or(&[][..], |l| &l.choices);
        let choices = choices.iter().map(|at| Row::Choice(*at));
        let columns = (0..self.columns.len()).map(Row::Column);
        [Row::Layout, Row::Name].into_iter().chain(choices).chain(columns).collect()
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<Row> {
        self.rows().get(self.cursor.at).copied()
    }

    /// The layout's columns.
    pub fn fields(&self) -> &[Column] {
        self.strange.layouts.get(self.layout).map_or(&[], |l| &l.columns)
    }

    /// The layout's name.
    pub fn layout_name(&self) -> &str {
        self.strange.layouts.get(self.layout).map_or("", |l| &l.name)
    }

    /// The next of what can be chosen on the row under the cursor, or the one before; says whether anything can.
    pub fn turn(&mut self, forward: bool) -> bool {
        let next = |at: usize, n: usize| (at + if forward { 1 } else { n.max(1) - 1 }) % n.max(1);
        match self.row() {
            Some(Row::Layout) => {
                self.layout = next(self.layout, self.strange.layouts.len());
                self.begin();
            }
            Some(Row::Choice(at)) => {
                let n = self.strange.choices.get(at).map_or(1, |c| c.of.len());
                if let Some(chosen) = self.choices.get_mut(at) {
                    *chosen = next(*chosen, n);
                    self.dirty = true;
                }
            }
            _ => return false,
        }
        true
    }

    /// The column under the cursor.
    pub fn column(&self) -> Option<usize> {
        match self.row()? {
            Row::Column(at) => Some(at),
            _ => None,
        }
    }

    /// Where the column under the cursor comes from.
    pub fn source(&mut self) -> Option<&mut Source> {
        let at = self.column()?;
        self.columns.get_mut(at)
    }

    /// Chooses a header for the column under the cursor, or none, and goes on to the next.
    pub fn put(&mut self, header: Option<usize>) {
        let Some(at) = self.column() else { return };
        let more = std::mem::take(&mut self.more);
        if let Some(header) = header {
            // A header is read for one column only.
            self.columns.iter_mut().for_each(|c| c.headers.retain(|h| *h != header));
        }
        if let Some(source) = self.columns.get_mut(at) {
            if !more {
                source.headers.clear();
            }
            source.headers.extend(header);
            source.constant.set("");
            self.dirty = true;
        }
        self.cursor.at = (self.cursor.at + 1).min(self.rows().len().saturating_sub(1));
    }

    /// Needed columns that come from nowhere yet.
    pub fn lacking(&self) -> Vec<&str> {
        let fields = self.fields().iter().zip(&self.columns);
        fields.filter(|(c, s)| c.needed && s.is_empty()).map(|(c, _)| c.name.as_str()).collect()
    }

    /// What it comes to.
    pub fn mapping(&self) -> Mapping {
        let header = |at: &usize| self.strange.headers.get(*at).cloned();
        let fields = || self.fields().iter().zip(&self.columns);
        let constant = |s: &Source| s.constant.text().trim().to_owned();
        Mapping {
            name: self.name.text().trim().to_owned(),
            layout: self.layout_name().to_owned(),
            headers: self.strange.headers.clone(),
            columns: fields()
                .filter(|(_, s)| !s.headers.is_empty())
                .map(|(c, s)| (c.name.clone(), s.headers.iter().filter_map(header).collect()))
                .collect(),
            constants: fields()
                .filter(|(_, s)| !constant(s).is_empty())
                .map(|(c, s)| (c.name.clone(), constant(s)))
                .collect(),
            choices: self.choices.clone(),
        }
    }
}

/// Words that other systems say for a column.
const TWINS: [(&str, &[&str]); 24] = [
    ("客户号", &["客户编号", "客户号码", "客户代码", "核心客户号", "cif", "cifno", "客户内码"]),
    ("姓名", &["客户姓名", "客户名称", "户名", "名称", "name"]),
    ("证件类型", &["证件种类", "证件类别"]),
    ("证件号", &["证件号码", "身份证号", "身份证号码", "身份证", "统一社会信用代码"]),
    ("手机", &["手机号", "手机号码", "移动电话", "联系电话", "电话", "mobile", "phone"]),
    ("地址", &["联系地址", "通讯地址", "家庭住址", "住址"]),
    ("开户日", &["开户日期", "开户时间"]),
    ("开户机构", &["开户行", "机构", "机构号", "所属机构"]),
    ("数据日期", &["数据日", "统计日期", "日期", "截止日期"]),
    ("AUM时点", &["aum", "时点余额", "时点资产", "资产余额", "总资产", "金融资产", "aum余额"]),
    ("AUM月日均", &["月日均", "月日均余额", "日均余额", "月日均资产", "aum日均"]),
    ("活期", &["活期余额", "活期存款"]),
    ("定期", &["定期余额", "定期存款"]),
    ("理财", &["理财余额", "理财产品"]),
    ("流水号", &["交易流水号", "流水", "交易流水"]),
    ("日期", &["交易日期", "交易日"]),
    ("金额", &["交易金额", "发生额", "本金"]),
    ("合同号", &["合约号", "协议号", "账号", "合同编号"]),
    ("产品", &["产品名称", "产品类型"]),
    ("到期日", &["到期日期", "终止日", "到期"]),
    ("借据号", &["贷款借据号", "借据编号", "贷款账号"]),
    ("余额", &["贷款余额", "当前余额"]),
    ("五级分类", &["五级", "风险分类"]),
    ("服务", &["签约产品", "签约业务", "业务种类"]),
];

/// How like a column a header is, from 0 to 100.
fn likeness(column: &str, header: &str) -> usize {
    let plain = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (c, h) = (plain(column), plain(header));
    if c.is_empty() || h.is_empty() {
        return 0;
    }
    if c == h {
        return 100;
    }
    let twin = TWINS.iter().find(|(name, _)| *name == column).and_then(|(_, twins)| twins.iter().position(|t| *t == h));
    if let Some(at) = twin {
        return 95 - at.min(20);
    }
    let shared = c.chars().filter(|x| h.contains(*x)).count();
    let (n, m) = (c.chars().count(), h.chars().count());
    let within = if h.contains(&c) || c.contains(&h) { 15 } else { 0 };
    shared * 2 * 60 / (n + m) + within
}

/// A header that is less like a column than this is not proposed for it.
const LIKE: usize = 50;

/// The header proposed for each column: the likest pairs first, each header once.
pub fn propose(columns: &[Column], headers: &[String]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (c, column) in columns.iter().enumerate() {
        pairs.extend(headers.iter().enumerate().map(|(h, header)| (likeness(&column.name, header), c, h)));
    }
    pairs.retain(|(like, ..)| *like >= LIKE);
    pairs.sort_by_key(|(like, c, h)| (usize::MAX - like, *c, *h));
    let mut found = vec![None; columns.len()];
    for (_, c, h) in pairs {
        if !found.contains(&Some(h))
            && let Some(slot @ None) = found.get_mut(c)
        {
            *slot = Some(h);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_other_systems_find_their_columns() {
        let columns: Vec<Column> = ["客户号", "数据日期", "活期", "AUM时点", "AUM月日均", "国债"]
            .map(|name| Column { name: name.into(), needed: true })
            .into();
        let headers = ["机构", "客户编号", "活期余额", "总资产", "月日均余额", "统计日期"].map(String::from);
        assert_eq!(propose(&columns, &headers), [Some(1), Some(5), Some(2), Some(3), Some(4), None]);
    }

    #[test]
    fn a_header_is_never_proposed_twice() {
        let columns: Vec<Column> = ["证件类型", "证件号"].map(|name| Column { name: name.into(), needed: true }).into();
        assert_eq!(propose(&columns, &["证件号码".to_owned()]), [None, Some(0)]);
    }
}
