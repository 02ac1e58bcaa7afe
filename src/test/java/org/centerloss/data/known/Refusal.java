package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.base.InputException;
import org.junit.jupiter.api.function.Executable;

/** Asserts that bad input is refused in one line that says what it must. */
public final class Refusal {
    private Refusal() {}

    public static void of(Executable action, String... facts) {
        String message = assertThrows(InputException.class, action).getMessage();
        assertFalse(message.contains("\n"), message);
        for (String fact : facts) {
            assertTrue(message.contains(fact), () -> "expected '" + fact + "' in: " + message);
        }
    }
}
