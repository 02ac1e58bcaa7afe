package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
    @Test
    void theUserSaysHowWideTheTerminalIs() {
        assertEquals(132, Terminal.width(Map.of("COLUMNS", "132")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "wide", "999999"})
    void whatIsNoWidthIsPassedOver(String columns) {
        assertEquals(Terminal.width(Map.of()), Terminal.width(Map.of("COLUMNS", columns)));
        assertTrue(Terminal.width(Map.of()) > 0);
    }

    @Test
    void aTextIsBrokenAtBlanksAndKeepsItsWords() {
        assertEquals("one two", Terminal.wrapped("one two", 7, 2));
        assertEquals("one\n  two", Terminal.wrapped("one two", 6, 2));
        assertEquals("a\n  much-too-long\n  b", Terminal.wrapped("a much-too-long b", 5, 2));
        assertEquals("a  b", Terminal.wrapped("a  b", 80, 2), "blanks stay");
        assertEquals("a\n    b", Terminal.wrapped("a b", 2, 4));
        assertEquals("犬猫\n  鳥", Terminal.wrapped("犬猫 鳥", 6, 2));
    }
}
