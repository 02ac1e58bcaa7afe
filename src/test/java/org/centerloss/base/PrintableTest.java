package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatATerminalObeysIsShown() {
        assertEquals("a\\x1b[31mb", Printable.of("a\u001b[31mb"));
        assertEquals("a\\nb\\r\\tc\\x00\\x7f\\x9b", Printable.of("a\nb\r\tc\0\u007f\u009b"));
        assertEquals("evil\\u202egpj.exe", Printable.of("evil\u202egpj.exe"));
        assertEquals("\\u2028\\u2029\\u2066\\ufeff", Printable.of("\u2028\u2029\u2066\ufeff"));
        assertEquals("\\ud800x\\u{e0041}", Printable.of("\ud800x\udb40\udc41"));
    }

    @Test
    void lettersOfAnyScriptStayAsTheyAre() {
        for (String text : new String[] {"", "猫 × − ° é", "नमस्ते क्‍ष", "שלום", "👩‍🔬"}) {
            assertEquals(text, Printable.of(text));
        }
    }

    @Test
    void aMessageLosesItsMiddleBeyondTheLimit() {
        assertEquals("x".repeat(1000), Printable.message("x".repeat(1000)));
        String cut = Printable.message("a".repeat(800) + "\n" + "b".repeat(800));
        assertTrue(cut.length() <= Printable.LONGEST_MESSAGE, cut);
        assertTrue(cut.startsWith("a".repeat(499) + "…") && cut.endsWith("…" + "b".repeat(499)));
    }

    @Test
    void noCharacterOfTwoHalvesIsCutApart() {
        for (int shift = 0; shift < 4; shift++) {
            String cut = Printable.message("x".repeat(shift) + "👩".repeat(700));
            assertTrue(cut.length() <= Printable.LONGEST_MESSAGE);
            assertEquals(cut, Printable.of(cut));
        }
    }

    @Test
    void ofAFormatsValuesNumbersStay() {
        Object[] values = {1, 2.5, null, "a\nb"};
        assertArrayEquals(new Object[] {1, 2.5, null, "a\\nb"}, Printable.all(values));
    }

    @Test
    void randomTextBecomesOneLineWithoutControls() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < 40; k++) {
                text.append(
                        (char)
                                (random.nextBoolean()
                                        ? random.nextInt(0x100)
                                        : random.nextInt(0x10000)));
            }
            String shown = Printable.of(text);
            assertFalse(shown.chars().anyMatch(Character::isISOControl), "seed " + seed);
            assertTrue(shown.lines().count() <= 1, "seed " + seed);
            assertEquals(shown, Printable.of(shown), "seed " + seed);
        }
    }
}
