package org.centerloss.loss;

import org.centerloss.base.Resources;
import org.centerloss.device.Tensor;

/** What every planned objective has: its terms' values and the operations that it owns. */
abstract class PlannedLoss implements LossStep {
    private final Resources owned;
    private final Tensor[] terms;

    PlannedLoss(Resources owned, Tensor... terms) {
        this.owned = owned;
        this.terms = terms;
    }

    @Override
    public Tensor[] terms() {
        return terms;
    }

    @Override
    public void close() {
        owned.close();
    }
}
