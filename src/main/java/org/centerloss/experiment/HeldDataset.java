package org.centerloss.experiment;

import java.util.function.Supplier;
import org.centerloss.data.Dataset;

/** The data set that was asked for last: asked for again it is not loaded again. */
final class HeldDataset {
    private Object key;
    private Dataset dataset;

    /**
     * The data set of a key.
     *
     * @param load loads it where another is held, which is let go before
     */
    Dataset get(Object wanted, Supplier<Dataset> load) {
        if (!wanted.equals(key)) {
            key = null;
            dataset = null;
            dataset = load.get();
            key = wanted;
        }
        return dataset;
    }
}
