package org.centerloss.experiment;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;

class HeldDatasetTest {
    @Test
    void aDataSetIsLetGoBeforeAnotherIsLoaded() {
        Dataset one = dataset("one");
        Dataset other = dataset("other");
        HeldDataset held = new HeldDataset();
        assertSame(one, held.get("one", () -> one));
        assertSame(one, held.get("one", () -> other));
        InputException missing = new InputException("missing");
        assertSame(
                missing,
                assertThrows(
                        InputException.class,
                        () ->
                                held.get(
                                        "other",
                                        () -> {
                                            throw missing;
                                        })));
        assertSame(other, held.get("one", () -> other));
    }

    private static Dataset dataset(String name) {
        ImageSet images = new ImageSet(1, 1, 1, new byte[2], new int[] {0, 1});
        return new Dataset(name, name, List.of("a", "b"), Augmentation.NONE, images, images);
    }
}
