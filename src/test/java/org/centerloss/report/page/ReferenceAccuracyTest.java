package org.centerloss.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.loss.Objectives;
import org.centerloss.train.TrainingConfig;
import org.junit.jupiter.api.Test;

class ReferenceAccuracyTest {
    @Test
    void everySettingOfKnownLossesAndDataSetsStandsOnce() {
        List<ReferenceAccuracy> table = ReferenceAccuracy.table();
        assertEquals(18, table.size());
        assertEquals(
                18,
                new HashSet<>(
                                table.stream()
                                        .map(l -> List.of(l.loss(), l.dataset(), l.features()))
                                        .toList())
                        .size());
        for (ReferenceAccuracy line : table) {
            assertTrue(Objectives.keys().contains(line.loss()), line.loss());
            assertTrue(KnownDataset.of(line.dataset()).isPresent(), line.dataset());
        }
    }

    @Test
    void aRunFindsTheLineOfItsSetting() {
        assertEquals(
                0.921,
                ReferenceAccuracy.of(ExampleRun.config("standalone", "fashion-mnist", 2, 100))
                        .orElseThrow()
                        .accuracy());
        assertTrue(
                ReferenceAccuracy.of(ExampleRun.config("standalone", "fashion-mnist", 3, 100))
                        .isEmpty());
        assertTrue(
                ReferenceAccuracy.of(ExampleRun.config("standalone", "fashion-mini", 2, 100))
                        .isEmpty());
    }

    @Test
    void whatARunDoesOtherwiseIsSaid() {
        TrainingConfig same = ExampleRun.config("cent", "mnist", 128, 100);
        ReferenceAccuracy line = ReferenceAccuracy.of(same).orElseThrow();
        assertEquals(List.of(), line.differences(same));
        assertEquals(
                List.of("epochs 3 instead of 100"),
                line.differences(ExampleRun.config("cent", "mnist", 128, 3)));
    }
}
