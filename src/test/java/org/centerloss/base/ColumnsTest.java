package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.centerloss.base.Columns.Column;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    private static final List<Column> THREE =
            List.of(Column.name("name", 6), Column.number("loss", 6), Column.number("gap", 5));

    @Test
    void numbersStandAtTheRightAndNamesAtTheLeft() {
        Columns columns = Columns.fitting(80, THREE, List.of());
        assertEquals("name      loss    gap", columns.head());
        assertEquals("a         1.25     -3", columns.line(List.of("a", "1.25", "-3")));
    }

    @Test
    void cellsThatAreTooWideStillStandApart() {
        Columns columns = Columns.fitting(80, THREE, List.of());
        assertEquals(
                "a-long-name  123456789.25  1234567",
                columns.line(List.of("a-long-name", "123456789.25", "1234567")));
    }

    @Test
    void spareColumnsAreLeftOutInTheirOrderAndNoMoreThanNeeded() {
        List<String> spare = List.of("loss", "gap");
        assertEquals(List.of(), Columns.fitting(21, THREE, spare).leftOut());
        assertEquals(List.of("loss"), Columns.fitting(20, THREE, spare).leftOut());
        Columns narrow = Columns.fitting(12, THREE, spare);
        assertEquals(List.of("loss", "gap"), narrow.leftOut());
        assertEquals("a", narrow.line(List.of("a", "1", "2")));
    }

    @Test
    void signsOfEastAsianScriptsTakeTwoColumnsAndAccentsNone() {
        assertEquals(4, Columns.width("犬猫"));
        assertEquals(4, Columns.width("cafe\u0301"));
        assertEquals("犬         1.0", table("犬"));
        assertEquals("dog        1.0", table("dog"));
    }

    private static String table(String name) {
        return Columns.fitting(80, THREE.subList(0, 2), List.of()).line(List.of(name, "1.0"));
    }

    @Test
    void aShortenedTextTakesAsManyColumnsAsThereAre() {
        assertEquals("Sneaker", Columns.shortened("Sneaker", 7));
        assertEquals("Snea…", Columns.shortened("Sneaker", 5));
        assertEquals("犬…", Columns.shortened("犬猫鳥", 4));
        assertEquals("😀…", Columns.shortened("😀😀😀", 3));
    }

    @Test
    void aNumberGetsTheDecimalsThatFitElseAnExponent() {
        assertEquals("-25.3128", Columns.number(-25.31284, 4, 8));
        assertEquals("-125.313", Columns.number(-125.31284, 4, 8));
        assertEquals("12345678", Columns.number(12345678.4, 4, 8));
        assertEquals("1.23e+10", Columns.number(1.2345e10, 4, 8));
        assertEquals("-1.2e+10", Columns.number(-1.2345e10, 4, 8));
        assertEquals("-1e+300", Columns.number(-1.2345e300, 4, 7));
        assertEquals("NaN", Columns.number(Double.NaN, 4, 8));
    }

    @Test
    void everyNumberIsRightToTheDigitsThatItShows() {
        long seed = Long.getLong("centerloss.seed", 11);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(60) - 20);
            String shown = Columns.number(value, 4, 8);
            assertTrue(shown.length() <= 8, "seed " + seed + ": " + value + " as " + shown);
            double error = Math.abs(Double.parseDouble(shown) - value);
            assertTrue(
                    error <= Math.max(5.1e-5, 0.06 * Math.abs(value)),
                    "seed " + seed + ": " + value + " as " + shown);
        }
    }
}
