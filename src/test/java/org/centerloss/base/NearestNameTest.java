package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> NAMES =
            List.of("mnist", "fashion-mnist", "cifar-10", "fashion-mini");

    @Test
    void swappedLettersFindTheName() {
        assertEquals(Optional.of("mnist"), NearestName.of("minst", NAMES));
    }

    @Test
    void missingHyphenAndCapitalsFindTheName() {
        assertEquals(Optional.of("cifar-10"), NearestName.of("CIFAR10", NAMES));
        assertEquals(Optional.of("fashion-mnist"), NearestName.of("FashionMNIST", NAMES));
    }

    @Test
    void theBeginningOfANameFindsIt() {
        assertEquals(Optional.of("fashion-mini"), NearestName.of("fashion", NAMES));
    }

    @Test
    void aNameFarFromAllFindsNone() {
        assertEquals(Optional.empty(), NearestName.of("flowers", NAMES));
        assertEquals("", NearestName.hint("flowers", NAMES));
    }

    @Test
    void hintNamesTheSuggestion() {
        assertEquals(" (did you mean mnist?)", NearestName.hint("mnits", NAMES));
    }
}
