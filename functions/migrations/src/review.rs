//! Judges a text statement by statement, and keeps of each only what was found.

mod held;
mod judged;
mod routines;
mod transaction;

use crate::dialect::Dialect;
use crate::parse::{self, Parsed, Text, Unread};
use crate::postgresql::{self, Tree};
use crate::problem::{Finding, Place, Problem};
use crate::report::Report;
use crate::rule::{Rule, Severity};
use crate::split::{self, Body, Piece, without_rows};
use crate::state::{Boundary, State};
use crate::step::Step;
use crate::{limits, reading, reason, stack};
use held::Held;
use judged::Judged;
use transaction::Transaction;

pub(crate) fn review(sql: &str, dialect: Dialect, step: Step) -> Report {
    let mut review = Review {
        dialect,
        step,
        state: State::new(dialect),
        transaction: Transaction::default(),
        report: Report::default(),
        held: None,
        has_orders: split::has_orders(sql),
        has_comment: false,
        has_wait: false,
    };
    let mut pieces = split::split(sql, dialect);
    while let Some(piece) = pieces.next() {
        let count = review.report.statements;
        let dangers = review.report.count(Severity::Danger);
        if limits::is_enough(dangers, count) {
            review.not_read(&piece, 1 + pieces.count());
            break;
        }
        if let Err(why) = stack::unharmed(|| review.take(&piece)) {
            review.report.statements = count;
            let found = review.unread(&piece, &reason::unreadable(&why));
            review.report.add(found);
        }
    }
    review.end()
}

struct Review {
    dialect: Dialect,
    step: Step,
    state: State,
    transaction: Transaction,
    report: Report,
    /// The last statement that began a transaction.
    held: Option<Held>,
    has_comment: bool,
    /// Whether it is told that something waits for a lock without a limit.
    has_wait: bool,
    /// Whether Liquibase takes its own lines out.
    has_orders: bool,
}

impl Review {
    fn take(&mut self, piece: &Piece) {
        if self.has_orders && split::is_liquibase(piece) {
            self.has_comment = true;
            return;
        }
        // More than one statement may stand in it, and a comment is for one.
        if piece.body == Body::Open {
            let found = self.unread(piece, &reading::open_body());
            return self.report.add(found);
        }
        let shorter = without_rows(piece, self.dialect);
        let shorter = shorter.as_ref().map(|(text, tokens)| Piece {
            text,
            tokens: *tokens,
            ..*piece
        });
        let short = shorter.as_ref().unwrap_or(piece);
        let refused = limits::too_long(piece).or_else(|| limits::too_large(short));
        let refused = refused.or_else(|| reading::check_piece(piece, self.dialect).err());
        let begun = self.transaction.begun;
        let found = match refused {
            Some(finding) => vec![self.unread(piece, &finding)],
            None => self.judge(short),
        };
        let held = Held::of(piece, self.dialect, found);
        self.has_wait |= held.tells(Rule::NoLockTimeout);
        if self.transaction.begun == begun {
            held.report(&mut self.report);
        } else if let Some(before) = self.held.replace(held) {
            before.report(&mut self.report);
        }
    }

    fn judge(&mut self, piece: &Piece) -> Vec<Problem> {
        let text = parse::read(piece.text, self.dialect);
        let text = text.map(|text| text.into_one(piece.body));
        let too_deep = text.as_ref().is_ok_and(Text::is_too_deep);
        let tree = if too_deep { None } else { self.tree(piece) };
        match (text, tree) {
            (Ok(text), _) if text.statements.is_empty() && piece.tokens == 0 => {
                self.has_comment = true;
                Vec::new()
            }
            (Ok(text), Some(Ok(tree))) => self.with_tree(&Judged::of(piece, Some(&text)), &tree),
            (Err(_), Some(Ok(tree))) => self.with_tree(&Judged::of(piece, None), &tree),
            (Ok(text), tree) => self.without_tree(piece, &text, tree.and_then(Result::err)),
            (Err(unread), _) => self.not_tokenized(piece, &unread),
        }
    }

    /// The statement as PostgreSQL's own grammar has it, or why it has not; none for other dialects.
    fn tree(&self, piece: &Piece) -> Option<Result<Tree, String>> {
        if self.dialect != Dialect::Postgresql || piece.tokens == 0 {
            return None;
        }
        Some(match limits::too_large_for_a_tree(piece) {
            Some(why) => Err(why),
            None => Tree::read(piece.text),
        })
    }

    fn unread(&mut self, piece: &Piece, finding: &Finding) -> Problem {
        self.report.statements += 1;
        self.state.forget();
        piece.place().problem(finding)
    }

    /// No comment lets pass what nobody has read.
    fn not_read(&mut self, piece: &Piece, count: usize) {
        self.report.statements += count;
        let problem = piece.place().problem(&limits::not_read(count));
        self.report.add(problem);
    }

    fn not_tokenized(&mut self, piece: &Piece, unread: &Unread) -> Vec<Problem> {
        self.report.statements += 1;
        self.state.forget();
        let line = piece.text.lines().nth(unread.line - 1).unwrap_or_default();
        let place = Place::of_line(piece.line + unread.line - 1, line);
        vec![place.problem(&unread.finding)]
    }

    /// Judges a statement by both parsers: a danger of either refuses it, and so does that neither knows it.
    fn with_tree(&mut self, judged: &Judged, tree: &Tree) -> Vec<Problem> {
        self.report.statements += 1;
        let statement = &tree.statement;
        let mut findings = judged.dangers(&self.state, self.step);
        if findings.iter().any(Finding::is_unknown) {
            findings.retain(|finding| !finding.is_unknown());
            for finding in postgresql::dangers(statement, &self.state, self.step) {
                if !findings.iter().any(|found| found.rule == finding.rule) {
                    findings.push(finding);
                }
            }
        }
        findings.extend(postgresql::calls(statement, &self.state));
        findings.extend(postgresql::locks(statement, &self.state));
        findings.extend(self.waits(tree));
        if self.state.in_transaction() {
            findings.extend(postgresql::fails_in_a_transaction(statement));
        }
        let boundary = postgresql::boundary(statement);
        findings.extend(self.boundary(boundary, judged));
        let known = judged.known();
        if let Some(known) = known {
            self.state.remember(known);
        }
        postgresql::remember(statement, known.is_some(), &mut self.state);
        judged.problems(&findings)
    }

    /// What waits for a lock without a limit is told once in a text.
    fn waits(&self, tree: &Tree) -> Option<Finding> {
        if self.has_wait || self.state.has_lock_timeout() {
            return None;
        }
        postgresql::waits_for_a_lock(&tree.statement, &self.state)
    }

    fn without_tree(&mut self, piece: &Piece, text: &Text, why: Option<String>) -> Vec<Problem> {
        let mut found = Vec::new();
        for parsed in &text.statements {
            found.extend(self.one(piece, text, parsed));
        }
        let unreadable = found.iter().any(|problem| problem.rule == Rule::Unreadable);
        let unread = text.statements.is_empty() && !unreadable;
        let why = why.filter(|_| !judged::is_only_rows(text));
        let why = why.or_else(|| unread.then(|| "it is no statement".to_owned()));
        if let Some(why) = why {
            self.state.forget();
            if !unreadable {
                let place = Place::of_statement(text.all_tokens(), piece.line);
                found.push(place.problem(&reason::unreadable(&parse::shortened(&why))));
            }
        }
        found
    }

    /// Judges one of the statements of a piece.
    fn one(&mut self, piece: &Piece, text: &Text, parsed: &Parsed) -> Vec<Problem> {
        self.report.statements += 1;
        let judged = Judged::one(piece, text, parsed);
        let reread = judged.reread(&self.state, self.step);
        let mut findings = match &reread {
            Some(reread) => reread.findings.clone(),
            None => judged.dangers(&self.state, self.step),
        };
        let known = reread
            .as_ref()
            .map_or(judged.known(), |it| it.statement.as_ref());
        routines::excuse(text.tokens(parsed), &mut self.state, &mut findings);
        let boundary = known.and_then(|known| self.state.boundary_of(known));
        findings.extend(self.boundary(boundary, &judged));
        match known {
            Some(known) => self.state.remember(known),
            None if reread.is_some() && piece.body == Body::Whole => {}
            None => self.state.forget(),
        }
        routines::remember(text.tokens(parsed), &mut self.state);
        judged.problems(&findings)
    }

    fn boundary(&mut self, boundary: Option<Boundary>, judged: &Judged) -> Option<Finding> {
        let found = self.transaction.boundary(boundary, || judged.place());
        if let Some(boundary) = boundary {
            self.state.boundary(boundary);
        }
        found
    }

    fn end(mut self) -> Report {
        if self.report.statements == 0 && !self.has_comment {
            let finding = reason::no_statement();
            self.report.add(Place::of_line(1, "").problem(&finding));
        }
        let open = self.state.in_transaction();
        let left_open = open.then(|| self.transaction.left_open()).flatten();
        match self.held.take() {
            Some(held) => held.and(left_open).report(&mut self.report),
            None => left_open.into_iter().for_each(|it| self.report.add(it)),
        }
        self.report
    }
}
