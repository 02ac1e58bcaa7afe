package org.centerloss.verify.op;

import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.LossMeter;
import org.centerloss.verify.Tolerance;

/** Sums over steps, the first step that is not finite, and a fresh start after each reading. */
public record LossMeterCase(int terms, double spoiler) implements OpCase {
    private static final int STEPS = 9;
    private static final int SPOILED_STEP = 4;

    public static List<OpCase> all() {
        return List.of(
                new LossMeterCase(1, 0),
                new LossMeterCase(3, 0),
                new LossMeterCase(LossMeter.MOST_TERMS, 0),
                new LossMeterCase(1, Double.NaN),
                new LossMeterCase(3, Double.NaN),
                new LossMeterCase(LossMeter.MOST_TERMS, Double.POSITIVE_INFINITY),
                new LossMeterCase(2, Double.NEGATIVE_INFINITY));
    }

    @Override
    public String op() {
        return "loss meter";
    }

    @Override
    public String shape() {
        return terms + " terms" + (spoiler == 0 ? "" : ", one " + spoiler);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs().put("losses", draw.normal(STEPS * terms, 2, 1));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        LossMeter meter = stage.own(stage.device().lossMeter(terms));
        Tensor[] losses = new Tensor[terms];
        for (int k = 0; k < terms; k++) {
            losses[k] = stage.emptyPlain(1);
        }
        double[] values = inputs.numbers("losses");
        for (int step = 0; step < STEPS; step++) {
            for (int k = 0; k < terms; k++) {
                boolean spoiled = spoiler != 0 && step >= SPOILED_STEP && k == terms - 1;
                losses[k].write(new double[] {spoiled ? spoiler : values[step * terms + k]});
            }
            meter.add(losses);
        }
        put(stage, "first reading", meter.read());
        losses[0].write(new double[] {values[0]});
        losses[terms - 1].write(new double[] {values[0]});
        meter.add(losses);
        put(stage, "second reading", meter.read());
    }

    private void put(OpRun stage, String name, LossMeter.Reading reading) {
        double[] counts = {reading.steps(), reading.firstNonFiniteStep(), reading.nonFiniteTerm()};
        stage.put(name + ", counts", counts, Tolerance.EXACT);
        if (reading.firstNonFiniteStep() < 0) {
            stage.put(name + ", sums", reading.sums(), Tolerance.sum(STEPS));
        }
    }
}
