//! The blocks in the body of a trigger or a routine. Words that may be names count as blocks only where a statement
//! may begin: else what follows a body could hide in it.

use crate::dialect::Dialect;

/// Where the semicolons of a statement stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// None is inside of a block.
    Plain,
    /// The statement ends with the END of its first BEGIN, or with a label behind that.
    Whole,
    /// Where its body ends is not certain.
    Open,
}

pub(super) struct Blocks {
    dialect: Dialect,
    open: Vec<Block>,
    /// Whether a semicolon stands in one of them.
    crossed: bool,
    /// Whether one of their words may have been a name.
    unsure: bool,
    /// Whether the last statement is a DECLARE: a handler has its block behind what it handles.
    declares: bool,
    /// What the last END ended, and whether all before it was sure.
    ended: Option<(Block, bool)>,
    /// The words behind the END of the first BEGIN.
    behind: Option<usize>,
    /// Whether the last word begins with a digit.
    number: bool,
    /// Whether the last word stands behind a BEGIN and begins no statement, so it is a label or BEGIN was a name.
    labels: bool,
    last: Last,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Begin,
    /// The statement.
    Case,
    /// The expression, in which no statement stands.
    Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Other,
    Begin,
    End,
    /// A statement may begin behind it.
    Start,
    /// A name stands behind it.
    Name,
}

/// What ends with `END` and its name; FOR is one of MariaDB's.
const LOOPS: [&str; 5] = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"];

/// Behind these a statement begins.
const STARTS: [&str; 5] = ["THEN", "ELSE", "DO", "LOOP", "REPEAT"];

/// With these a statement of a block begins; also what may stand between BEGIN and its first one.
const BEGINS: &str = "ALTER ANALYZE ATOMIC BEGIN CALL CASE CLOSE COMMIT CREATE DEALLOCATE DECLARE DELETE DO DROP END EXECUTE FETCH \
    FOR GET GRANT IF INSERT ITERATE LEAVE LOOP NOT OPEN PREPARE REPEAT REPLACE RESIGNAL RETURN ROLLBACK \
    SAVEPOINT SELECT SET SIGNAL START TRUNCATE UPDATE WHILE WITH";

/// Behind these a name stands.
const NAMES: [&str; 4] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EXISTS"];

impl Blocks {
    pub(super) fn new(dialect: Dialect) -> Blocks {
        Blocks {
            dialect,
            open: Vec::new(),
            crossed: false,
            unsure: false,
            declares: false,
            ended: None,
            behind: None,
            number: false,
            labels: false,
            last: Last::Other,
        }
    }

    /// Whether a semicolon here stands in a block.
    pub(super) fn is_inside(&mut self) -> bool {
        let inside = !self.open.is_empty();
        self.crossed |= inside;
        inside
    }

    /// PostgreSQL's own grammar reads its bodies.
    pub(super) fn shape(&self) -> Body {
        if !self.crossed || self.dialect == Dialect::Postgresql {
            Body::Plain
        } else if !self.unsure && self.open.is_empty() && self.behind.is_some_and(|it| it <= 1) {
            Body::Whole
        } else {
            Body::Open
        }
    }

    /// A sign, or the first one of something in quotes.
    pub(super) fn sign(&mut self, sign: char) {
        self.take_back();
        let sqlite = self.dialect == Dialect::Sqlite;
        // A block begins with a statement, and nothing but a label stands behind its end.
        let ends = self.last == Last::End && matches!(self.ended, Some((Block::Begin, _)));
        self.unsure |=
            !sqlite && (self.last == Last::Begin || (ends && !matches!(sign, ';' | '"')));
        self.unsure |= !sqlite && self.labels && sign != ':';
        self.labels = false;
        self.last = match sign {
            ';' => Last::Start,
            ':' if !sqlite => Last::Start,
            '@' => Last::Name,
            // `2.` is a number.
            '.' if !self.number => Last::Name,
            _ => Last::Other,
        };
        self.number = false;
    }

    /// PostgreSQL's bodies outside of quotes begin with BEGIN ATOMIC.
    fn take_back(&mut self) {
        if self.last == Last::Begin && self.dialect == Dialect::Postgresql {
            self.open.pop();
        }
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "what stood in front says nothing of other words"
    )]
    pub(super) fn add(&mut self, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let last = self.last;
        if self.dialect == Dialect::Sqlite {
            return self.add_to_trigger(is("BEGIN"), is("END"));
        }
        if !is("ATOMIC") {
            self.take_back();
        }
        self.behind = self.behind.map(|words| words + 1);
        self.number = word.starts_with(|first: char| first.is_ascii_digit());
        self.unsure |= self.labels;
        self.labels = last == Last::Begin && !BEGINS.split(' ').any(is);
        if matches!(last, Last::Start | Last::Begin) {
            self.declares = is("DECLARE");
        }
        self.last = match last {
            Last::Name => Last::Other,
            Last::End if self.is_loop(word) => self.not_ended(),
            _ if is("BEGIN") => self.begin(last),
            _ if is("END") => self.end(last),
            _ if is("CASE") && last != Last::End && !self.open.is_empty() => {
                let statement = matches!(last, Last::Start | Last::Begin);
                self.open
                    .push(if statement { Block::Case } else { Block::Value });
                Last::Other
            }
            _ if STARTS.into_iter().any(is) && self.open.last() != Some(&Block::Value) => {
                Last::Start
            }
            _ if NAMES.into_iter().any(is) => Last::Name,
            _ => Last::Other,
        };
    }

    /// SQLite nests no blocks, and its shell ends a trigger at the first END behind a semicolon: no CASE ends there, and no
    /// name stands there.
    fn add_to_trigger(&mut self, is_begin: bool, is_end: bool) {
        self.behind = self.behind.map(|words| words + 1);
        self.last = if is_end && self.last == Last::Start {
            self.end(Last::Start)
        } else if is_begin && self.open.is_empty() && self.behind.is_none() {
            self.open.push(Block::Begin);
            Last::Begin
        } else {
            Last::Other
        };
    }

    /// `ORDER BY CASE ... END FOR UPDATE` ends no loop.
    fn is_loop(&self, word: &str) -> bool {
        let is = |name: &&str| word.eq_ignore_ascii_case(name);
        let of_case = matches!(self.ended, Some((Block::Case | Block::Value, _)));
        LOOPS
            .iter()
            .any(|name| is(name) && !(of_case && *name == "FOR"))
    }

    fn begin(&mut self, last: Last) -> Last {
        let first = self.open.is_empty() && self.behind.is_none();
        let starts = matches!(last, Last::Start | Last::Begin) && !self.open.is_empty();
        self.unsure |= !(first || starts || self.declares);
        self.open.push(Block::Begin);
        Last::Begin
    }

    fn end(&mut self, last: Last) -> Last {
        self.ended = self.open.pop().map(|block| (block, self.unsure));
        let Some((block, _)) = self.ended else {
            return Last::Other;
        };
        self.unsure |= block == Block::Begin && !matches!(last, Last::Start | Last::Begin);
        self.behind = self.open.is_empty().then_some(0);
        Last::End
    }

    /// The END was that of a loop, which is not counted.
    fn not_ended(&mut self) -> Last {
        if let Some((block, unsure)) = self.ended.take() {
            self.open.push(block);
            self.unsure = unsure;
        }
        self.behind = None;
        Last::Other
    }
}
