package org.centerloss.train;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;

/**
 * What a run goes back to when its loss diverges: copies on the device of its state after the last
 * two readings of the loss. A state is known to be good once a step that started from it had a
 * finite loss, so the newer copy is only a candidate.
 */
final class LastGoodState implements AutoCloseable {
    private final Resources owned = new Resources();
    private final List<Tensor> state;
    private Copy older;
    private Copy newer;

    /** A copy of the state, and the progress that goes with it. */
    private static final class Copy {
        final List<Tensor> blocks = new ArrayList<>();
        TrainState progress;
    }

    LastGoodState(Device device, Parameters parameters, Optimizer optimizer) {
        state = new ArrayList<>(parameters.stateBlocks());
        state.addAll(optimizer.state().values());
        older = allocate(device);
        newer = allocate(device);
    }

    private Copy allocate(Device device) {
        Copy copy = new Copy();
        for (Tensor block : state) {
            copy.blocks.add(owned.add(device.tensor(block.shape())));
        }
        return copy;
    }

    /** Sets both copies to the state, which is good by assumption: the start of a run. */
    void start(TrainState progress) {
        save(progress);
        save(progress);
    }

    /** Copies the state, the losses up to it being finite. */
    void save(TrainState progress) {
        Copy oldest = older;
        older = newer;
        newer = oldest;
        replaceNewest(progress);
    }

    /** Copies the state over the newest copy: the same weights, with other progress. */
    void replaceNewest(TrainState progress) {
        for (int i = 0; i < state.size(); i++) {
            newer.blocks.get(i).copyFrom(state.get(i));
        }
        newer.progress = progress;
    }

    /**
     * Puts a good state back and returns the progress that goes with it.
     *
     * @param newestIsBad whether the first step from the newest copy had a loss that was not finite
     */
    TrainState restore(boolean newestIsBad) {
        Copy good = newestIsBad ? older : newer;
        for (int i = 0; i < state.size(); i++) {
            state.get(i).copyFrom(good.blocks.get(i));
        }
        return good.progress;
    }

    @Override
    public void close() {
        owned.close();
    }
}
