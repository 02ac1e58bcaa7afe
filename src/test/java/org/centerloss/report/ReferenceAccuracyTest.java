package org.centerloss.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.centerloss.data.ImageOptions;
import org.centerloss.data.KnownDataset;
import org.centerloss.device.Augmentation;
import org.centerloss.loss.Objectives;
import org.centerloss.train.PlateauSchedule;
import org.centerloss.train.TrainingConfig;
import org.junit.jupiter.api.Test;

class ReferenceAccuracyTest {
    private static TrainingConfig run(String loss, String dataset, int features, int epochs) {
        return new TrainingConfig(
                new TrainingConfig.Data(
                        dataset, null, true, new ImageOptions(0, 28, 1, 0.2), Augmentation.NONE),
                new TrainingConfig.Network(features, 1, 1),
                new TrainingConfig.Loss(loss, Objectives.Settings.DEFAULT, "sgd", 0.5),
                new TrainingConfig.Optimization(
                        128, 0.01, 0.9, 0, new PlateauSchedule.Settings(0.2, 10, 0.1)),
                0,
                epochs,
                0,
                new TrainingConfig.Pace(50, 500));
    }

    @Test
    void everySettingOfKnownLossesAndDataSetsStandsOnce() {
        List<ReferenceAccuracy> table = ReferenceAccuracy.table();
        assertEquals(18, table.size());
        assertEquals(
                18,
                new HashSet<>(table.stream().map(l -> List.of(l.loss(), l.dataset(), l.features())).toList())
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
                ReferenceAccuracy.of(run("standalone", "fashion-mnist", 2, 100))
                        .orElseThrow()
                        .accuracy());
        assertTrue(ReferenceAccuracy.of(run("standalone", "fashion-mnist", 3, 100)).isEmpty());
        assertTrue(ReferenceAccuracy.of(run("standalone", "fashion-mini", 2, 100)).isEmpty());
    }

    @Test
    void whatARunDoesOtherwiseIsSaid() {
        TrainingConfig same = run("cent", "mnist", 128, 100);
        ReferenceAccuracy line = ReferenceAccuracy.of(same).orElseThrow();
        assertEquals(List.of(), line.differences(same));
        assertEquals(
                List.of("epochs 3 instead of 100"),
                line.differences(run("cent", "mnist", 128, 3)));
    }
}
