package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {
    private final Sizes.Converter converter = new Sizes.Converter();

    @Test
    void numbersAndDoublingRangesMix() {
        assertEquals(List.of(7), converter.convert("7").values());
        assertEquals(List.of(32, 64, 128, 300), converter.convert("32..200,300").values());
        assertEquals(List.of(5, 5, 1), converter.convert("5..5,5,1").values());
        assertEquals(30, converter.convert("1..999999999").values().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1,", ",1", "1..", "..2", "1...2", "4..2", "1e3", "x"})
    void whatIsNoSizeIsRefusedInOneLine(String text) {
        TypeConversionException refused =
                assertThrows(TypeConversionException.class, () -> converter.convert(text));
        assertTrue(refused.getMessage().startsWith("expected "), refused.getMessage());
        assertTrue(refused.getMessage().endsWith("found " + text), refused.getMessage());
    }
}
