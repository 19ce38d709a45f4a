-- What filters compute in the database: text without the difference of capitals and accents, and arithmetic that never
-- ends a statement. Takes no parameters, returns nothing.
--
-- Every name below is bound to pg_catalog or gis, by being written so or by RETURN, whose body is parsed here and now:
-- no search_path can put another function in its place. Setting one at each call would make an import slower, since
-- every row passes through here on its way into the index.

-- Text whose capitals do not count: full case folding, so that Straße and STRASSE are one, as are all three sigmas.
-- The letters are those of Unicode whatever the locale of the database ("und" is no language).
-- Source: Unicode Standard 14.0, clause 5.18, "Caseless Matching"; OGC 21-065r2, /req/case-insensitive-comparison.
CREATE FUNCTION gis.fold_case(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    WHEN octet_length(value) = char_length(value) THEN lower(value COLLATE "C")  -- nothing but ASCII
    ELSE replace(lower(upper(lower(value COLLATE "und-x-icu"))), 'ς', 'σ') COLLATE "C"
END;

-- Text without accents: letters are taken apart (NFD) and their marks, U+0300 to U+036F, left out; đ, which is a letter
-- of its own and has no parts, becomes d. The marks of Vietnamese go first and fast; few texts have any other.
-- Source: OGC 21-065r2, /req/accent-insensitive-comparison.
CREATE FUNCTION gis.fold_accents(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    plain text;
BEGIN
    IF pg_catalog.octet_length(value) OPERATOR(pg_catalog.=) pg_catalog.char_length(value) THEN
        RETURN value;  -- nothing but ASCII
    END IF;
    plain = pg_catalog.translate(
        pg_catalog.normalize(value, 'NFD'), U&'\0111\0110\0300\0301\0303\0309\0323\0302\0306\031B', 'dD');
    IF pg_catalog.octet_length(plain) OPERATOR(pg_catalog.=) pg_catalog.char_length(plain) THEN
        RETURN plain;
    END IF;
    RETURN pg_catalog.normalize(
        pg_catalog.regexp_replace(plain, U&'[\0300-\036F]+' COLLATE pg_catalog."C", '', 'g'), 'NFC');
END
$$;

-- Text of which neither capitals nor accents count: what is searched, and what the search indexes hold. Bound here and
-- now: an account that may write a layer's rows need not be allowed to look into this schema.
CREATE FUNCTION gis.fold_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN gis.fold_case(gis.fold_accents(value));

-- A whole number as a double; null beyond the range of one, where a cast would end the statement.
CREATE FUNCTION gis.to_double(value numeric) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN abs(value) < 1e300 THEN value::double precision END;

-- Arithmetic that gives null where there is no result (x / 0, a root of a negative number) or none that a double can
-- hold; the database's own would end the statement, and with that tell of rows the caller may not see.
--   operator: one of + - * / % div ^; % has the sign of the first number, div cuts off towards zero
CREATE FUNCTION gis.calculate(operator text, a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    -- Powers of ten; of nothing it is taken as 0, so that it never is too large or too small.
    size_a constant double precision := CASE WHEN a = 0 THEN 0 ELSE log(abs(a)) END;
    size_b constant double precision := CASE WHEN b = 0 THEN 0 ELSE log(abs(b)) END;
BEGIN
    IF abs(a) > 1e307 OR abs(b) > 1e307 OR b = 0 AND operator IN ('/', '%', 'div') THEN
        RETURN NULL;
    END IF;
    RETURN CASE operator
        WHEN '+' THEN a + b
        WHEN '-' THEN a - b
        WHEN '*' THEN CASE WHEN abs(size_a + size_b) < 307 THEN a * b END
        WHEN '/' THEN CASE WHEN abs(size_a - size_b) < 307 THEN a / b END
        WHEN 'div' THEN CASE
            WHEN abs(a) < abs(b) THEN 0
            WHEN size_a - size_b < 307 THEN trunc(a / b)
        END
        WHEN '%' THEN CASE
            WHEN abs(a) < abs(b) THEN a
            WHEN size_a - size_b < 15 THEN a - b * trunc(a / b)
        END
        WHEN '^' THEN CASE
            WHEN a = 0 AND b < 0 OR a < 0 AND b <> trunc(b) THEN NULL
            -- The product below would itself be too large or too small.
            WHEN abs(b) > 1e290 OR b <> 0 AND abs(b) < 1e-290 THEN NULL
            WHEN abs(size_a * b) < 307 THEN power(a, b)
        END
    END;
END
$$;
