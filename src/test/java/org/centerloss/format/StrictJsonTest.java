package org.centerloss.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {
    enum Kind {
        ONE,
        TWO
    }

    record Inner(double rate, @JsonProperty(required = false) Double best) {
        Inner {
            Bounds.positive("rate", rate);
        }
    }

    record Outer(
            int count,
            long steps,
            boolean flag,
            String name,
            Kind kind,
            List<String> names,
            double[][] rows,
            Map<String, String> environment,
            Inner inner) {}

    private static final String SOUND =
            "{'count':1,'steps':2,'flag':true,'name':'x','kind':'TWO','names':['a'],"
                    + "'rows':[[1,'NaN'],[2,3e2]],'environment':{'java':'17'},'inner':{'rate':0.5}}";

    @TempDir private Path folder;

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        Outer read = StrictJson.read("F", quoted(SOUND), Outer.class);
        assertEquals(Kind.TWO, read.kind());
        assertArrayEquals(new double[] {1, Double.NaN}, read.rows()[0]);
        assertNull(read.inner().best());
        Path file = folder.resolve("f.json");
        Files.write(file, StrictJson.lines(read));
        Outer again = StrictJson.read(file, Outer.class);
        assertEquals(StrictJson.line(read), StrictJson.line(again));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'count':1, | | count: expected a whole number of 32 bits, found none",
                "'count':1 | 'count':null | count: expected a whole number of 32 bits, found null",
                "'count':1 | 'count':1.5 | count: expected a whole number of 32 bits, found 1.5",
                "'count':1 | 'count':'1' | count: expected a whole number of 32 bits, found '1'",
                "'count':1 | 'count':true | count: expected a whole number of 32 bits, found true",
                "'count':1 | 'count':99999999999 | count: expected a whole number of 32 bits,"
                        + " found 99999999999",
                "'steps':2 | 'steps':1e30 | steps: expected a whole number of 64 bits, found 1.0E30",
                "'flag':true | 'flag':1 | flag: expected true or false, found 1",
                "'flag':true | 'flag':'true' | flag: expected true or false, found 'true'",
                "'name':'x' | 'name':null | name: expected text, found null",
                "'name':'x' | 'name':3 | name: expected text, found 3",
                "'name':'x' | 'name':['x'] | name: expected text, found a list",
                "'kind':'TWO' | 'kind':'SIX' | kind: expected one of [ONE, TWO], found 'SIX'",
                "'kind':'TWO' | 'kind':1 | kind: expected one of [ONE, TWO], found 1",
                "['a'] | 'a' | names: expected a list, found 'a'",
                "['a'] | ['a',null] | names[1]: expected text, found null",
                "[2,3e2] | null | rows[1]: expected a value, found null",
                "[2,3e2] | [2,null] | rows[1][1]: expected a value, found null",
                "[2,3e2] | [2,{}] | rows[1][1]: expected a number, found an object",
                "'17' | null | environment.java: expected text, found null",
                "{'rate':0.5} | null | inner: expected an object, found null",
                "{'rate':0.5} | [] | inner: expected an object, found a list",
                "'rate':0.5 | 'rate':-1 | inner: rate: expected a number above 0, found -1.0",
                "'rate':0.5 | 'rate':1e999 | inner: rate: expected a number above 0, found Infinity",
                "'rate':0.5 | 'rate':1,'x':2 | inner.x: expected no field of this name, found one",
            })
    void whatIsNotAsExpectedIsNamed(String old, String other, String refusal) {
        assertTrue(SOUND.contains(old), old);
        String text = SOUND.replace(old, other == null ? "" : other);
        assertEquals("F: " + quoted(refusal), refused(quoted(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a':1 | line 1, column 7: expected the rest of the JSON, found the end",
                "{'a':'x | expected the rest of the JSON, found the end",
                "~~ | expected JSON, found nothing",
                "hello | expected JSON, found what is none",
                "{'a':NaN} | expected JSON, found what is none",
                "{'a':1,'a':2} | expected each name once, found `a` again",
                "{} {} | expected JSON, found what is none",
                "[1] | expected an object, found a list",
                "null | expected an object, found null",
            })
    void whatIsNoJsonIsRefusedWithItsPlace(String text, String refusal) {
        String message = refused(quoted(text));
        assertTrue(
                message.startsWith("F: ") && message.endsWith(quoted(refusal).replace('`', '\'')),
                message);
    }

    @Test
    void depthAndLengthAreBounded() {
        for (String text : List.of("[".repeat(5000), "9".repeat(5000))) {
            String message = refused("{\"count\":" + text);
            assertTrue(message.contains("less depth"), message);
        }
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("f.json");
        for (byte[] bytes :
                new byte[][] {{'{', (byte) 0xC3, 0x28, '}'}, {0, 0, 1, 0}, {(byte) 0x80, 2}}) {
            Files.write(file, bytes);
            String message =
                    assertThrows(InputException.class, () -> StrictJson.read(file, Outer.class))
                            .getMessage();
            assertTrue(message.startsWith(file + ": "), message);
            assertTrue(message.contains("expected JSON"), message);
        }
    }

    private static String refused(String text) {
        String message =
                assertThrows(
                                InputException.class,
                                () -> StrictJson.read("F", text, Outer.class),
                                text)
                        .getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(message), message);
        return message;
    }
}
