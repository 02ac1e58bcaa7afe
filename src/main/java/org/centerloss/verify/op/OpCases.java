package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;

/** Every case of every operation; a new operation adds its line here. */
public final class OpCases {
    private OpCases() {}

    public static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        cases.addAll(TensorCase.all());
        cases.addAll(ImageBatchesCase.all());
        cases.addAll(ConvolutionCase.all());
        cases.addAll(BatchNormalizationCase.all());
        cases.addAll(AdditionCase.all());
        cases.addAll(GlobalAveragePoolingCase.all());
        cases.addAll(FlattenCase.all());
        cases.addAll(MaxPoolingCase.all());
        cases.addAll(PreluCase.all());
        cases.addAll(LinearCase.all());
        cases.addAll(SoftmaxCrossEntropyCase.all());
        cases.addAll(CenterLossCase.all());
        cases.addAll(PairwiseRepulsionCase.all());
        cases.addAll(CenterSpreadCase.all());
        cases.addAll(CenterUpdateCase.all());
        cases.addAll(NearestCenterCase.all());
        cases.addAll(ArgMaxCase.all());
        cases.addAll(GradientClippingCase.all());
        cases.addAll(SgdCase.all());
        cases.addAll(AdamWCase.all());
        cases.addAll(LossMeterCase.all());
        cases.addAll(StepTableCase.all());
        cases.addAll(ProgramCase.all());
        return cases;
    }
}
