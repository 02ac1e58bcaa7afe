package org.centerloss.verify.op;

import java.util.List;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Linear;
import org.centerloss.verify.Tolerance;

/** A recorded program: recording runs nothing, each run reads its tensors afresh. */
public record ProgramCase() implements OpCase {
    private static final int SAMPLES = 3;
    private static final int FEATURES = 5;

    public static List<OpCase> all() {
        return List.of(new ProgramCase());
    }

    @Override
    public String op() {
        return "program";
    }

    @Override
    public String shape() {
        return SAMPLES + "×" + FEATURES + ", run twice";
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("first", draw.normal(SAMPLES * FEATURES))
                .put("second", draw.normal(SAMPLES * FEATURES))
                .put("weight", draw.normal(FEATURES * FEATURES))
                .put("bias", draw.normal(FEATURES));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        Linear linear = stage.own(stage.device().linear(SAMPLES, FEATURES, FEATURES));
        Tensor x = stage.plain(inputs.numbers("first"), SAMPLES, FEATURES);
        Tensor weight = stage.plain(inputs.numbers("weight"), FEATURES, FEATURES);
        Tensor bias = stage.plain(inputs.numbers("bias"), FEATURES);
        Tensor untouched = stage.plain(inputs.numbers("second"), SAMPLES, FEATURES);
        Tensor y = stage.plain(inputs.numbers("second"), SAMPLES, FEATURES);
        Tensor copy = stage.emptyPlain(SAMPLES, FEATURES);
        Program program =
                stage.own(
                        stage.device()
                                .record(
                                        () -> {
                                            linear.forward(x, weight, bias, y);
                                            copy.copyFrom(y);
                                            untouched.zero();
                                        }));
        stage.put("after recording", untouched, Tolerance.EXACT);
        program.run();
        stage.put("after a run", untouched, Tolerance.EXACT);
        stage.put("first run", copy, Tolerance.randomSum(FEATURES));
        x.write(inputs.numbers("second"));
        program.run();
        stage.put("second run", copy, Tolerance.randomSum(FEATURES));
    }
}
