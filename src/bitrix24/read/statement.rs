//! Statements of SQL, given to a published parser: what tables have which columns, where rows go, and literals that are
//! not plain. Rows themselves are too many for it; see `values`.

use sqlparser::ast::{Expr, ObjectName, Statement, TableObject, Value};
use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// A table, and names of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub table: String,
    /// In an `INSERT` none where it names none.
    pub columns: Vec<String>,
}

/// What `CREATE TABLE` says; `None` for another statement, an error for one that is no SQL.
pub(super) fn created(text: &str) -> Result<Option<Head>, String> {
    match statement(text)? {
        Some(Statement::CreateTable(create)) => {
            let columns = create.columns.iter().map(|column| column.name.value.clone()).collect();
            Ok(Some(Head { table: last(&create.name), columns }))
        }
        _ => Ok(None),
    }
}

/// Where the rows go that follow such a beginning of a statement, `INSERT INTO b_user (ID) VALUES`.
pub(super) fn inserted(head: &str) -> Result<Option<Head>, String> {
    match statement(&format!("{head} (1)"))? {
        Some(Statement::Insert(insert)) => match &insert.table {
            TableObject::TableName(name) => {
                Ok(Some(Head { table: last(name), columns: insert.columns.iter().map(last).collect() }))
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The text of a constant that is no plain literal, as `X'41'`; `None` for what is no constant.
pub(super) fn literal(text: &str) -> Option<String> {
    let mut parser = Parser::new(&MySqlDialect {}).try_with_sql(text).ok()?;
    let expression = parser.parse_expr().ok()?;
    let is_all = parser.peek_token_ref().token == Token::EOF;
    if is_all { constant(&expression) } else { None }
}

fn constant(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Prefixed { value, .. } => constant(value),
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => Some(number.clone()),
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) | Value::NationalStringLiteral(text) => {
                Some(text.clone())
            }
            Value::HexStringLiteral(digits) => from_hexadecimal(digits.as_bytes()),
            Value::Boolean(yes) => Some(u8::from(*yes).to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// The text whose bytes these digits are; `None` where they are no text.
pub(super) fn from_hexadecimal(digits: &[u8]) -> Option<String> {
    let pairs = digits.chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    String::from_utf8(pairs.map(byte).collect::<Option<Vec<u8>>>()?).ok()
}

fn statement(text: &str) -> Result<Option<Statement>, String> {
    let mut statements = Parser::parse_sql(&MySqlDialect {}, text).map_err(|error| error.to_string())?;
    Ok(statements.pop())
}

fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(table: &str, columns: &[&str]) -> Result<Option<Head>, String> {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Ok(Some(Head { table: table.to_owned(), columns }))
    }

    #[test]
    fn tables_of_mysqldump_tell_their_columns() {
        let text = "CREATE TABLE `b_user` (\n  `ID` int(11) NOT NULL AUTO_INCREMENT,\n  `TIMESTAMP_X` timestamp NULL DEFAULT \
                    CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n  `LOGIN` varchar(50) COLLATE utf8mb3_unicode_ci NOT \
                    NULL,\n  `ACTIVE` char(1) COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT 'Y',\n  PRIMARY KEY (`ID`),\n  \
                    UNIQUE KEY `ix_login` (`LOGIN`,`EXTERNAL_AUTH_ID`),\n  KEY `ix_b_user_email` (`EMAIL`(20)),\n  FULLTEXT \
                    KEY `IXF` (`LOGIN`)\n) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb3 \
                    COLLATE=utf8mb3_unicode_ci";
        assert_eq!(created(text), head("b_user", &["ID", "TIMESTAMP_X", "LOGIN", "ACTIVE"]));
    }

    #[test]
    fn heads_of_inserts_tell_table_and_columns() {
        assert_eq!(inserted("INSERT INTO `b_user` VALUES"), head("b_user", &[]));
        let named = "INSERT IGNORE INTO `portal`.`b_user` (`ID`, `NAME`) VALUES";
        assert_eq!(inserted(named), head("b_user", &["ID", "NAME"]));
        assert_eq!(inserted("REPLACE INTO b_user (ID) VALUES"), head("b_user", &["ID"]));
    }

    #[test]
    fn what_is_no_sql_is_an_error() {
        assert!(created("CREATE TABLE (").is_err());
    }
}
