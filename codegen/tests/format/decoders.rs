fn values() {
    let x = 1;
    let mut y: Vec<u8> = Vec::new();
    let (a, b): (u8, u8);
    let z = &mut y[0..4];
    let w = y[..].iter().map(|v| *v as u32 + 1).sum::<u32>();
    let negative = -1.5e3_f64;
    let text = r#"raw "text""#;
    let bytes = b"bytes\n";
    let character = '\'';
    let array = [0u8; 32];
    let unit = ();
    let single = (1,);
    let closure = |a: u8, b| -> u8 { a + b };
    let shifted = (x << 2) | (x >> 3) & !0xff;
    let range = 0..=10;
    let nested = ((1, 2), [3, 4]);
    y.push(1);
    *z = 3;
    y[0] += 1;
    let _ = <Vec<u8> as IntoIterator>::into_iter(y);
    let empty = vec![];
    let repeated = vec![0u8; 1024];
    let listed = vec![
        "one".to_owned(),
        "two".to_owned(),
        "three".to_owned(),
        "four".to_owned(),
    ];
    let listed = vec![
        "one".to_owned(),
        "two".to_owned(),
        "three".to_owned(),
        "four and more".to_owned(),
    ];
    let numbers = [
        100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000, 800_000, 900_000, 1_000_000,
    ];
}

fn chains(decoder: &mut Decoder<'_>) -> Result<Output, Error> {
    let name = decoder.next()?.value().ok_or(Error::Missing)?.to_owned();
    let count = decoder.field("Count")?.text()?.trim().parse::<u64>().ok();
    let a = decoder
        .field("ContentLength")?
        .text()?
        .parse::<u64>()
        .map_err(|_| Error::Number)?;
    let items = decoder
        .children("Item")
        .filter(|item| !item.is_empty())
        .map(|item| {
            let key = item.attribute("key")?;
            Ok((key.to_owned(), item.text()?))
        })
        .collect::<Result<BTreeMap<_, _>, Error>>()?;
    let value = values.iter().find(|value| value.name == name).map(|v| {
        let first = v.first();
        let second = v.second();
        first + second
    });
    self.inner
        .lock()
        .unwrap()
        .entry(name)
        .or_default()
        .push(value);
    let response = client
        .get(url)
        .header("accept", "application/json")
        .send()
        .await?;
    let response = client
        .get(url)
        .header("accept", "application/json")
        .send()
        .await?
        .error_for_status()?;
    x.y.z = 4;
    let short = a.b(|| {
        first();
        second();
    });
    let tuple = pair.0.1.to_string();
    decoder
        .skip_to_the_end_of_the_document_and_check_that_nothing_follows_after_it()
        .unwrap();
    let headers = HeaderMap::from_iter([("content-type", content_type), ("accept", accept_header)]);
    let long = build_something_out_of(first_argument, second_argument, third_argument, fourth)?;
    let broken = build_something_out_of(
        first_argument,
        second_argument,
        third_argument,
        fourth_argument,
    );
    let this_is_a_long_name_for_a_variable_that_holds_a_value =
        decoder.a_method_with_a_long_name(first_argument, second_argument);
    Ok(Output {
        name,
        count: count.unwrap_or_default(),
        items: items.into_iter().map(Into::into).collect(),
        ..Default::default()
    })
}

fn matches(&self, token: Token) -> Option<Kind> {
    let kind = match token {
        Token::Start { name, .. } if name == "Item" => Kind::Item,
        Token::Start { .. } | Token::End => return None,
        Token::Text(text) => {
            let text = text.trim();
            Kind::Text(text.to_owned())
        }
        Token::Number(0) => Kind::Zero,
        Token::Number(-1) => Kind::Negative,
        Token::Number(1..=9) => Kind::Digit,
        Token::Number(n @ 10..) => Kind::Large(n),
        Token::Pair(&ref a, (b, _)) => Kind::Pair(a, b),
        Token::List([first, .., last]) => Kind::List {
            first: first.clone(),
            last: last.clone(),
        },
        Token::Name("a" | "b" | "c") => Kind::Name,
        Token::Call(function) => call_the_function_with_many_arguments(
            function,
            first_argument_of_the_call,
            second_argument,
        ),
        Token::Long => Kind::Long(
            first_argument_of_the_call,
            second_argument_of_the_call,
            third_argument_x,
        ),
        Token::FirstOfTheManyAlternativesOfThisPattern
        | Token::SecondOfTheManyAlternativesOfThisPattern
        | Token::ThirdOfTheManyAlternativesOfThisPattern => Kind::Many,
        Token::StructWithManyFields {
            first_field,
            second_field,
            third_field: Some(third),
            ..
        } => Kind::Fields,
        Token::Guarded(first_value, second_value)
            if first_value.is_larger_than(second_value) && second_value.is_not_empty_at_all() =>
        {
            Kind::Guarded
        }
        Token::Empty => {}
        Token::If => {
            if self.strict {
                Kind::Strict
            } else {
                Kind::Lenient
            }
        }
        Token::Match => match self.state {
            State::A => Kind::A,
            _ => Kind::B,
        },
        other => unreachable!("unexpected token {other:?}"),
    };
    match kind {
        'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm' | 'n' | 'o'
        | 'p' => true,
        _ => false,
    }
}

fn control(&self) -> u32 {
    if self.a {
        return 1;
    } else if let Some(value) = self.b {
        println!("{value}");
    } else {
        self.c();
    }
    if let Some(first) = self.first
        && let Some(second) = self.second
        && first < second
    {
        return first;
    }
    let Some(value) = self.value else { return 0 };
    let Some(value) = self.value_with_a_longer_name() else {
        return 0;
    };
    let size = if value > 4 { 1 } else { 2 };
    let size = if value_with_a_longer_name > 4 {
        first_value
    } else {
        second_value
    };
    while let Some(next) = self.next() {
        if next.is_end() {
            break;
        }
        continue;
    }
    'outer: for (index, item) in self.items.iter().enumerate().filter(|(_, item)| item.ready) {
        for _ in 0..index {
            continue 'outer;
        }
    }
    let found = loop {
        break 3;
    };
    let sum = first_operand_of_the_sum + second_operand_of_the_sum + third_operand_of_the_sum * 2
        - fourth_operand_of_the_sum;
    let all = self.first_condition_is_met()
        && self.second_condition_is_met()
        && (self.third_condition_is_met() || self.fourth_condition_is_met());
    if self.first_condition_is_met_with(value)
        || self.second_condition_is_met_with(value)
        || self.third_condition
    {
        unsafe { self.call() };
    }
    let block = {
        let a = 1;
        a + 1
    };
    let future = async move {
        let response = self.send().await;
        response
    };
    spawn(async move { self.run().await });
    thread::spawn(move || {
        work();
        more_work();
    });
    self.items
        .sort_by(|left, right| left.name.cmp(&right.name).then(left.size.cmp(&right.size)));
    self.items.retain(|item| {
        item.is_something_with_a_long_name() && item.is_something_else_with_a_long_name()
    });
    let point = Point { x: 1, y: 2 };
    let point = Point { x: 10, y: 200 };
    let point = Point {
        x: 10,
        y: 20,
        z: 300,
    };
    let f = |x| match x {
        1 => 2,
        _ => 3,
    };
    if value == 4 { 5 } else { 6 }
}

fn macros(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{} {}", self.first, self.second)?;
    write!(
        f,
        "a long format string that has a number of arguments {} {} {}",
        self.first, self.second, self.third
    )?;
    let matched = matches!(self, State::Present | State::Moved(_));
    let guarded = matches!(self, State::Moved(name) if name.is_empty());
    assert_eq!(
        left_value_of_the_assertion(),
        right_value_of_the_assertion(),
        "they differ a lot"
    );
    let message = format!(
        "{}: {}",
        self.code.as_deref().unwrap_or("unknown"),
        self.message()
    );
    return Err(Error::new(format!(
        "a message that is long enough to be broken {}",
        self.value
    )));
}

fn long_text() {
    let message = "a string literal that is much longer than a line, which no layout can do anything about at all";
    self.describe(
        "a string literal that is much longer than a line, which no layout can do anything about",
    )
    .unwrap()
    .send();
    call(
        "a string literal that is much longer than a line, which no layout can do anything about at all",
    );
}
