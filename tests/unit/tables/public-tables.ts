/** Tables as public logs, papers, courses and spreadsheets have them, each with how it is read. */
import type { NamedText } from '../../../src/tables/sheet.ts';

export interface PublicTable {
  of: string;
  texts: string | NamedText[];
  /** Kind, roles, the question if there is one, and the first points of each series. */
  told: string;
}

export const PUBLIC_TABLES: PublicTable[] = [
  {
    of: 'wandb runs export',
    texts: `"Name","State","Notes","User","Tags","Created","Runtime","Sweep","n_embd","n_layer","learning_rate","max_iters","seed","best_val_loss","_step","iter","train/loss","val/loss"
"ethereal-wave-12","finished","-","ana","","2024-03-02T10:00:00.000Z","812","abc1","128","4","0.001","5000","1","3.61","5000","5000","3.55","3.62"
"ethereal-wave-13","finished","-","ana","","2024-03-02T10:20:00.000Z","812","abc1","128","4","0.002","5000","1","3.58","5000","5000","3.51","3.59"
"ethereal-wave-14","crashed","-","ana","","2024-03-02T10:40:00.000Z","212","abc1","128","4","0.004","5000","1","4.10","1200","1200","4.0","4.15"
"ethereal-wave-15","finished","-","ana","","2024-03-02T11:00:00.000Z","1812","abc1","256","4","0.001","5000","1","3.31","5000","5000","3.2","3.32"
"ethereal-wave-16","finished","-","ana","","2024-03-02T11:20:00.000Z","1815","abc1","256","4","0.002","5000","1","3.29","5000","5000","3.18","3.30"
"ethereal-wave-17","finished","-","ana","","2024-03-02T11:20:00.000Z","1815","abc1","256","4","0.004","5000","1","3.39","5000","5000","3.28","3.40"
`,
    told: 'sweep; x n_embd; y val/loss; sweep learning_rate; seed seed; 128: 3.59, 256: 3.3',
  },
  {
    of: 'wandb panel lr names',
    texts: `"Step","w128-lr1e-3 - val/loss","w128-lr1e-3 - val/loss__MIN","w128-lr1e-3 - val/loss__MAX","w256-lr1e-3 - val/loss","w256-lr1e-3 - val/loss__MIN","w256-lr1e-3 - val/loss__MAX","w128-lr2e-3 - val/loss","w128-lr2e-3 - val/loss__MIN","w128-lr2e-3 - val/loss__MAX","w256-lr2e-3 - val/loss","w256-lr2e-3 - val/loss__MIN","w256-lr2e-3 - val/loss__MAX"
"0","10.9","10.9","10.9","10.91","10.91","10.91","10.9","10.9","10.9","10.9","10.9","10.9"
"500","4.2","4.2","4.2","4.0","4.0","4.0","4.1","4.1","4.1","3.9","3.9","3.9"
"1000","3.6","3.6","3.6","3.4","3.4","3.4","3.5","3.5","3.5","3.3","3.3","3.3"
`,
    told: 'curves; x width; y val/loss; sweep learning rate; step Step; 128: 3.5, 256: 3.3',
  },
  {
    of: 'tensorboard files',
    texts: [
      {
        name: 'mup_w64-tag-eval_loss.csv',
        text: `Wall time,Step,Value
1709370000.1,0,8.9
1709370100.2,500,4.1
1709370200.3,1000,3.7
`,
      },
      {
        name: 'mup_w128-tag-eval_loss.csv',
        text: `Wall time,Step,Value
1709370000.1,0,8.9
1709370100.2,500,3.8999999999999995
1709370200.3,1000,3.5
`,
      },
      {
        name: 'mup_w256-tag-eval_loss.csv',
        text: `Wall time,Step,Value
1709370000.1,0,8.9
1709370100.2,500,3.6999999999999997
1709370200.3,1000,3.3000000000000003
`,
      },
    ],
    told: 'curves; x width; y Value; step Step; 64: 3.7, 128: 3.5, 256: 3.3',
  },
  {
    of: 'trainer_state',
    texts: `{"best_metric":3.3,"best_model_checkpoint":"out/checkpoint-1000","epoch":2,"global_step":1000,"is_world_process_zero":true,"log_history":[{"epoch":1,"learning_rate":0.0001,"loss":4.1,"step":500},{"epoch":1,"eval_loss":3.7,"eval_runtime":3.2,"eval_samples_per_second":30,"step":500},{"epoch":2,"learning_rate":0.00001,"loss":3.8,"step":1000},{"epoch":2,"eval_loss":3.3,"eval_runtime":3.1,"eval_samples_per_second":30,"step":1000},{"epoch":2,"step":1000,"total_flos":1000000000000000,"train_loss":3.9,"train_runtime":800}]}`,
    told: 'curves; y eval_loss; step step',
  },
  {
    of: 'several trainer_state',
    texts: [
      {
        name: 'runs/d64/trainer_state.json',
        text: `{"global_step":1000,"log_history":[{"loss":4.1,"step":500},{"eval_loss":3.7,"step":500},{"eval_loss":3.3,"step":1000}]}`,
      },
      {
        name: 'runs/d128/trainer_state.json',
        text: `{"global_step":1000,"log_history":[{"loss":4.1,"step":500},{"eval_loss":3.6,"step":500},{"eval_loss":3.1999999999999997,"step":1000}]}`,
      },
      {
        name: 'runs/d256/trainer_state.json',
        text: `{"global_step":1000,"log_history":[{"loss":4.1,"step":500},{"eval_loss":3.5,"step":500},{"eval_loss":3.0999999999999996,"step":1000}]}`,
      },
    ],
    told: 'curves; x width; y eval_loss; step step; 64: 3.3, 128: 3.2, 256: 3.1',
  },
  {
    of: 'lm-eval over models',
    texts: `|model|params|wikitext word_perplexity|lambada_openai ppl|lambada_openai acc|
|--|--|--|--|--|
|pythia-70m|70M|52.1|130.9|0.19|
|pythia-160m|160M|33.4|38.2|0.33|
|pythia-410m|410M|23.5|10.8|0.51|
|pythia-1b|1B|19.9|7.9|0.56|
`,
    told: 'sizes; x params; y wikitext word_perplexity; asks columns.y: wikitext word_perplexity',
  },
  {
    of: 'OLMo',
    texts: `name,model.d_model,model.n_layers,throughput/total_tokens,optim/learning_rate_group0,eval/c4_en-validation/CrossEntropyLoss,eval/c4_en-validation/Perplexity,train/CrossEntropyLoss
150M-1xC,768,12,3000000000,0.0013,3.35,28.5,3.3
300M-1xC,1024,16,6000000000,0.0011,3.12,22.6,3.1
530M-1xC,1344,16,10600000000,0.0009,2.98,19.7,2.95
750M-1xC,1536,16,15000000000,0.0008,2.9,18.2,2.88
`,
    told: 'sizes; x model.d_model; y eval/c4_en-validation/CrossEntropyLoss; 768: 3.35, 1024: 3.12, 1344: 2.98',
  },
  {
    of: 'OLMo ladder x C',
    texts: `size,chinchilla,params,tokens,loss
150M,1,151898880,3037977600,3.35
150M,2,151898880,6075955200,3.25
150M,5,151898880,15189888000,3.14
300M,1,319980544,6399610880,3.12
300M,2,319980544,12799221760,3.03
300M,5,319980544,31998054400,2.93
530M,1,530074944,10601498880,2.98
530M,2,530074944,21202997760,2.89
530M,5,530074944,53007494400,2.8
`,
    told: 'sizes; x params; y loss; asks tokens: a law of both',
  },
  {
    of: 'Megatron val',
    texts: ` validation loss at iteration 1000 | lm loss value: 3.345E+00 | lm loss PPL: 2.836E+01 |
 validation loss at iteration 2000 | lm loss value: 3.145E+00 | lm loss PPL: 2.322E+01 |
 validation loss at iteration 3000 | lm loss value: 3.045E+00 | lm loss PPL: 2.101E+01 |`,
    told: 'curves; y validation lm loss value; step iteration',
  },
  {
    of: 'nanoGPT files',
    texts: [
      {
        name: 'n_embd128.log',
        text: `number of parameters: 0.196608M
step 0: train loss 10.9, val loss 10.9
iter 0: loss 10.9, time 900ms, mfu -100%
step 500: train loss 4, val loss 4.1
step 1000: train loss 3.4, val loss 3.6
`,
      },
      {
        name: 'n_embd256.log',
        text: `number of parameters: 0.786432M
step 0: train loss 10.9, val loss 10.9
iter 0: loss 10.9, time 900ms, mfu -100%
step 500: train loss 4, val loss 3.8999999999999995
step 1000: train loss 3.4, val loss 3.4
`,
      },
      {
        name: 'n_embd384.log',
        text: `number of parameters: 1.769472M
step 0: train loss 10.9, val loss 10.9
iter 0: loss 10.9, time 900ms, mfu -100%
step 500: train loss 4, val loss 3.6999999999999997
step 1000: train loss 3.4, val loss 3.2
`,
      },
    ],
    told: 'curves; x width; y val loss; step step; 128: 3.6, 256: 3.4, 384: 3.2',
  },
  {
    of: 'course md',
    texts: `# Assignment 3: scaling

We trained five models (SP and muP) with the same data.

| Width | # Params | LR | SP train | SP val | muP train | muP val |
|:-----:|:--------:|:--:|---------:|-------:|----------:|--------:|
| 64 | 0.21M | 1e-2 | 4.01 | 4.05 | 4.0 | 4.04 |
| 128 | 0.82M | 1e-2 | 3.71 | 3.78 | 3.65 | 3.71 |
| 256 | 3.2M | 1e-2 | 3.52 | 3.61 | 3.4 | 3.47 |
| 512 | 12.7M | 1e-2 | 3.49 | 3.6 | 3.2 | 3.28 |

Discussion: muP wins.
`,
    told: 'sizes; x Width; y loss; series series; SP 64: 4.05, 128: 3.78, 256: 3.61; muP 64: 4.04, 128: 3.71, 256: 3.47',
  },
  {
    of: 'latex',
    texts: `\\begin{table}[t]\\centering
\\begin{tabular}{lrrcc}
\\toprule
Model & $N$ (M) & $D$ (B) & Loss (SP) & Loss ($\\mu$P) \\\\
\\midrule
XS & 41 & 2.1 & 3.62 & \\textbf{3.55} \\\\
S & 125 & 2.1 & 3.21 & \\textbf{3.15} \\\\
M & 350 & 2.1 & 2.98 & \\textbf{2.90} \\\\
L & 760 & 2.1 & 2.87 & \\textbf{2.76} \\\\
\\bottomrule
\\end{tabular}
\\caption{Losses}
\\end{table}`,
    told: 'sizes; x N (M); y loss; series series; SP 41: 3.62, 125: 3.21, 350: 2.98; μP 41: 3.55, 125: 3.15, 350: 2.9',
  },
  {
    of: 'german excel',
    texts: `Modellbreite;Parameter (Mio.);Lernrate;Startwert;Validierungsverlust;Dauer (min)
128;1,6;0,001;1;3,912;12,5
128;1,6;0,002;1;3,871;12,4
256;6,3;0,001;1;3,605;25,1
256;6,3;0,002;1;3,588;25,3
512;25,2;0,001;1;3,402;61,0
512;25,2;0,002;1;3,399;60,7
`,
    told: 'sweep; x Modellbreite; y Validierungsverlust; sweep Lernrate; seed Startwert; 128: 3.871, 256: 3.588, 512: 3.399',
  },
  {
    of: 'french excel',
    texts: `Largeur;Nb paramètres;Taux d'apprentissage;Graine;Perte de validation;Perte d'entraînement
128;1 600 000;1,00E-03;0;3,912;3,85
256;6 300 000;1,00E-03;0;3,605;3,5
512;25 200 000;1,00E-03;0;3,402;3,3
1 024;100 000 000;1,00E-03;0;3,25;3,1
`,
    told: 'sizes; x Largeur; y Perte de validation; seed Graine; 128: 3.912, 256: 3.605, 512: 3.402',
  },
  {
    of: 'isoflop',
    texts: `C,N,D,L
1000000000000000000,25000000,6.6667e+9,3.2935
1000000000000000000,50000000,3.3333e+9,3.2072
1000000000000000000,100000000,1.6667e+9,3.2083
1000000000000000000,200000000,8.3333e+8,3.2981
1000000000000000000,400000000,4.1667e+8,3.4836
3000000000000000000,43301270,1.1547e+10,3.0281
3000000000000000000,86602540,5.7735e+9,2.9557
3000000000000000000,173205081,2.8868e+9,2.9550
3000000000000000000,346410162,1.4434e+9,3.0271
3000000000000000000,692820323,7.2169e+8,3.1774
10000000000000000000,79056942,2.1082e+10,2.7911
10000000000000000000,158113883,1.0541e+10,2.7314
10000000000000000000,316227766,5.2705e+9,2.7295
10000000000000000000,632455532,2.6352e+9,2.7861
10000000000000000000,1264911064,1.3176e+9,2.9055`,
    told: 'sizes; x N; y L; asks tokens: a law of both',
  },
  {
    of: 'isoflop budget words',
    texts: `FLOP budget,Model params,Tokens,Val loss
1e+18,25.0M,6.667B,3.2935
1e+18,50.0M,3.333B,3.2072
1e+18,100.0M,1.667B,3.2083
1e+18,200.0M,0.833B,3.2981
1e+18,400.0M,0.417B,3.4836
3e+18,43.3M,11.547B,3.0281
3e+18,86.6M,5.774B,2.9557
3e+18,173.2M,2.887B,2.9550
3e+18,346.4M,1.443B,3.0271
3e+18,692.8M,0.722B,3.1774
1e+19,79.1M,21.082B,2.7911
1e+19,158.1M,10.541B,2.7314
1e+19,316.2M,5.270B,2.7295
1e+19,632.5M,2.635B,2.7861
1e+19,1264.9M,1.318B,2.9055`,
    told: 'sizes; x Model params; y Val loss; asks tokens: a law of both',
  },
  {
    of: 'cs336 isoflops.json',
    texts: `[{"parameters":50000000,"compute_budget":6000000000000000000,"final_loss":2.9167967958049252},{"parameters":100000000,"compute_budget":6000000000000000000,"final_loss":2.8330097399782215},{"parameters":200000000,"compute_budget":6000000000000000000,"final_loss":2.8131093783907914},{"parameters":400000000,"compute_budget":6000000000000000000,"final_loss":2.8567342620578557},{"parameters":50000000,"compute_budget":10000000000000000000,"final_loss":2.8636193449556897},{"parameters":100000000,"compute_budget":10000000000000000000,"final_loss":2.7642857108471257},{"parameters":200000000,"compute_budget":10000000000000000000,"final_loss":2.7242936848104065},{"parameters":400000000,"compute_budget":10000000000000000000,"final_loss":2.7419530490542128}]`,
    told: 'sizes; x parameters; y final_loss; asks tokens: a law of both',
  },
  {
    of: 'mup coord full',
    texts: `,module,input_shape,output_shape,l1,l2,linf,mean,std,covl1,width,batch_idx,t,optimizer,lr
0,input,"(16, 32)","(16, 32)",0.1100,.2,.9,0,.3,.1,64,1,1,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2100,.2,.9,0,.3,.1,64,1,1,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3100,.2,.9,0,.3,.1,64,1,1,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1200,.2,.9,0,.3,.1,64,2,2,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2200,.2,.9,0,.3,.1,64,2,2,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3200,.2,.9,0,.3,.1,64,2,2,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1300,.2,.9,0,.3,.1,64,3,3,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2300,.2,.9,0,.3,.1,64,3,3,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3300,.2,.9,0,.3,.1,64,3,3,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1400,.2,.9,0,.3,.1,64,4,4,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2400,.2,.9,0,.3,.1,64,4,4,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3400,.2,.9,0,.3,.1,64,4,4,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1100,.2,.9,0,.3,.1,128,1,1,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2100,.2,.9,0,.3,.1,128,1,1,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3100,.2,.9,0,.3,.1,128,1,1,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1200,.2,.9,0,.3,.1,128,2,2,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2200,.2,.9,0,.3,.1,128,2,2,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3200,.2,.9,0,.3,.1,128,2,2,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1300,.2,.9,0,.3,.1,128,3,3,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2300,.2,.9,0,.3,.1,128,3,3,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3300,.2,.9,0,.3,.1,128,3,3,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1400,.2,.9,0,.3,.1,128,4,4,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2400,.2,.9,0,.3,.1,128,4,4,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3400,.2,.9,0,.3,.1,128,4,4,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1100,.2,.9,0,.3,.1,256,1,1,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2100,.2,.9,0,.3,.1,256,1,1,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3100,.2,.9,0,.3,.1,256,1,1,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1200,.2,.9,0,.3,.1,256,2,2,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2200,.2,.9,0,.3,.1,256,2,2,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3200,.2,.9,0,.3,.1,256,2,2,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1300,.2,.9,0,.3,.1,256,3,3,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2300,.2,.9,0,.3,.1,256,3,3,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3300,.2,.9,0,.3,.1,256,3,3,adam,0.01
0,input,"(16, 32)","(16, 32)",0.1400,.2,.9,0,.3,.1,256,4,4,adam,0.01
1,attn,"(16, 32)","(16, 32)",0.2400,.2,.9,0,.3,.1,256,4,4,adam,0.01
2,output,"(16, 32)","(16, 32)",0.3400,.2,.9,0,.3,.1,256,4,4,adam,0.01`,
    told: 'activations; x width; y l1; step t; module module; 36 activations, the first input 64 1 0.11',
  },
  {
    of: 'coord, sp vs mup files',
    texts: [
      {
        name: 'coord_sp.csv',
        text: `,module,t,l1,width
0,attn,1,0.1640,64
1,mlp,1,0.2640,64
0,attn,2,0.1640,64
1,mlp,2,0.2640,64
0,attn,3,0.1640,64
1,mlp,3,0.2640,64
0,attn,1,0.2280,128
1,mlp,1,0.3280,128
0,attn,2,0.2280,128
1,mlp,2,0.3280,128
0,attn,3,0.2280,128
1,mlp,3,0.3280,128
0,attn,1,0.3560,256
1,mlp,1,0.4560,256
0,attn,2,0.3560,256
1,mlp,2,0.4560,256
0,attn,3,0.3560,256
1,mlp,3,0.4560,256`,
      },
      {
        name: 'coord_mup.csv',
        text: `,module,t,l1,width
0,attn,1,0.1000,64
1,mlp,1,0.2000,64
0,attn,2,0.1000,64
1,mlp,2,0.2000,64
0,attn,3,0.1000,64
1,mlp,3,0.2000,64
0,attn,1,0.1000,128
1,mlp,1,0.2000,128
0,attn,2,0.1000,128
1,mlp,2,0.2000,128
0,attn,3,0.1000,128
1,mlp,3,0.2000,128
0,attn,1,0.1000,256
1,mlp,1,0.2000,256
0,attn,2,0.1000,256
1,mlp,2,0.2000,256
0,attn,3,0.1000,256
1,mlp,3,0.2000,256`,
      },
    ],
    told: 'activations; x width; y l1; series file; step t; module module; 36 activations, the first attn 64 1 0.164',
  },
  {
    of: 'pythia',
    texts: `Model,Layers,Model Dim,Heads,Learning Rate,Non-Embedding Params,Pile Loss
70M,6,512,8,1.0e-3,"18,915,328",2.91
160M,12,768,12,6.0e-4,"85,056,000",2.55
410M,24,1024,16,3.0e-4,"302,311,424",2.30
1B,16,2048,8,3.0e-4,"805,736,448",2.18
1.4B,24,2048,16,2.0e-4,"1,208,602,624",2.11
`,
    told: 'sizes; x Non-Embedding Params; y Pile Loss; 18915328: 2.91, 85056000: 2.55, 302311424: 2.3',
  },
  {
    of: 'width,depth',
    texts: `d_model,n_layers,loss
512,6,2.91
768,12,2.55
1024,24,2.3
2048,16,2.18
2048,24,2.11
`,
    told: 'sizes; x d_model; y loss; asks columns.1: series: each on its own',
  },
  {
    of: 'muTransfer paper-like',
    texts: `Width	log2LR	SP	μP
64	-10	3.0535	3.1535
64	-9	3.0001	3.1001
64	-8	3.0466	3.1466
128	-10	2.7606	2.8606
128	-9	2.7072	2.8072
128	-8	2.7537	2.8537
256	-10	2.5535	2.6535
256	-9	2.5001	2.6001
256	-8	2.5466	2.6466`,
    told: 'sweep; x Width; y loss; sweep log2LR; series series; SP 64: 3.0001, 128: 2.7072, 256: 2.5001; μP 64: 3.1001, 128: 2.8072, 256: 2.6001',
  },
  {
    of: 'base_width mult',
    texts: `width_mult,base_width,lr,loss
1,64,0.001,3.5
2,64,0.001,3.2
4,64,0.001,3.0
8,64,0.001,2.9
`,
    told: 'sizes; x width_mult; y loss; 1: 3.5, 2: 3.2, 4: 3',
  },
  {
    of: 'pandas print pivot',
    texts: `width     64     128    256
lr                          
0.001  3.1000 2.9000 2.7000
0.002  3.0000 2.8000 2.6000
0.004  3.1000 2.9000 2.7000
`,
    told: 'sweep; x width; y loss; sweep lr; 64: 3, 128: 2.8, 256: 2.6',
  },
  {
    of: 'pandas groupby mean std',
    texts: `width,lr,loss_mean,loss_std,loss_count
64,0.001,3.1,0.01,3
64,0.002,3.0,0.01,3
128,0.001,2.9,0.01,3
128,0.002,2.8,0.01,3
256,0.001,2.7,.01,3
256,0.002,2.65,.01,3
`,
    told: 'sweep; x width; y loss_mean; sweep lr; 64: 3, 128: 2.8, 256: 2.65',
  },
  {
    of: 'multiindex',
    texts: `,,loss,loss,loss
,,mean,std,count
width,lr,,,
64,0.001,3.1,0.01,3
64,0.002,3.0,0.01,3
128,0.001,2.9,0.01,3
128,0.002,2.8,0.01,3
256,0.001,2.7,.01,3
256,0.002,2.65,.01,3
`,
    told: 'sweep; x width; y loss mean; sweep lr; 64: 3, 128: 2.8, 256: 2.65',
  },
  {
    of: 'seeds across',
    texts: `width,seed_0,seed_1,seed_2
64,3.5,3.51,3.49
128,3.2,3.21,3.19
256,3.0,3.02,2.99
`,
    told: 'sizes; x width; y loss; seed seed; 64: 3.5, 64: 3.51, 64: 3.49',
  },
  {
    of: 'seeds across mean',
    texts: `width,seed 0,seed 1,seed 2,mean,std
64,3.5,3.51,3.49,3.5,0.01
128,3.2,3.21,3.19,3.2,0.01
256,3.0,3.02,2.99,3.003,0.015
`,
    told: 'sizes; x width; y loss; seed seed; 64: 3.5, 64: 3.51, 64: 3.49',
  },
  {
    of: 'jsonl log',
    texts: `{"config":{"n_embd":64,"lr":0.001},"step":0,"val_loss":4}
{"config":{"n_embd":64,"lr":0.001},"step":100,"val_loss":3.0099}
{"config":{"n_embd":64,"lr":0.001},"step":200,"val_loss":3.005}
{"config":{"n_embd":128,"lr":0.001},"step":0,"val_loss":3.7071}
{"config":{"n_embd":128,"lr":0.001},"step":100,"val_loss":2.717}
{"config":{"n_embd":128,"lr":0.001},"step":200,"val_loss":2.7121}`,
    told: 'curves; x config.n_embd; y val_loss; step step; 64: 3.005, 128: 2.7121',
  },
  {
    of: 'gpt3 style',
    texts: `Model Name	nparams	nlayers	dmodel	Batch Size	Learning Rate	Validation loss
GPT-3 Small	125M	12	768	0.5M	6.0 × 10^-4	2.60
GPT-3 Medium	350M	24	1024	0.5M	3.0 × 10^-4	2.40
GPT-3 Large	760M	24	1536	0.5M	2.5 × 10^-4	2.30
GPT-3 XL	1.3B	24	2048	1M	2.0 × 10^-4	2.2
`,
    told: 'sizes; x dmodel; y Validation loss; 768: 2.6, 1024: 2.4, 1536: 2.3',
  },
  {
    of: 'lr row pivot text',
    texts: `lr        SP-128   SP-256   muP-128  muP-256
2^-10     3.52     3.31     3.50     3.28
2^-9      3.41     3.22     3.40     3.15
2^-8      3.45     3.60     3.38     3.14
2^-7      3.80     nan      3.44     3.22
`,
    told: 'sweep; x width; y loss; sweep lr; series series; SP 128: 3.41, 256: 3.22; muP 128: 3.38, 256: 3.14',
  },
  {
    of: 'rate in rows with bold best',
    texts: `| LR | width 128 | width 256 | width 512 |
|---|---|---|---|
| 1e-4 | 3.9 | 3.8 | 3.7 |
| 3e-4 | 3.7 | **3.5** | **3.4** |
| 1e-3 | **3.6** | 3.6 | 3.8 |
| 3e-3 | 3.8 | diverged | NaN |
`,
    told: 'sweep; x width; y loss; sweep LR; 128: 3.6, 256: 3.5, 512: 3.4',
  },
  {
    of: 'levanter',
    texts: `config.model.hidden_dim,config.optimizer.learning_rate,config.trainer.num_train_steps,config.trainer.train_batch_size,summary.eval/loss,summary.train/loss,summary._runtime
512,0.003,10000,256,3.3,3.2,1000
1024,0.003,10000,256,3.0,2.9,3000
2048,0.003,10000,256,2.8,2.7,9000
`,
    told: 'sizes; x config.model.hidden_dim; y summary.eval/loss; 512: 3.3, 1024: 3, 2048: 2.8',
  },
  {
    of: 'steps & tokens per size',
    texts: `params,steps,batch_tokens,tokens,loss
1e7,1000,524288,524288000,4.0
3e7,1000,524288,524288000,3.6
1e8,1000,524288,524288000,3.3
`,
    told: 'sizes; x params; y loss; 10000000: 4, 30000000: 3.6, 100000000: 3.3',
  },
  {
    of: 'epochs table (course)',
    texts: `Model,Hidden size,Epoch,Train loss,Val loss
GPT,64,1,3.5000,3.6000
GPT,64,2,3.2500,3.3000
GPT,64,3,3.1667,3.2000
GPT,64,4,3.1250,3.1500
GPT,64,5,3.1000,3.1200
GPT,128,1,3.2071,3.3071
GPT,128,2,2.9571,3.0071
GPT,128,3,2.8738,2.9071
GPT,128,4,2.8321,2.8571
GPT,128,5,2.8071,2.8271
GPT,256,1,3.0000,3.1000
GPT,256,2,2.7500,2.8000
GPT,256,3,2.6667,2.7000
GPT,256,4,2.6250,2.6500
GPT,256,5,2.6000,2.6200`,
    told: 'curves; x Hidden size; y Val loss; step Epoch; 64: 3.12, 128: 2.8271, 256: 2.62',
  },
  {
    of: 'epochs as final',
    texts: `Hidden size,Epochs,Best epoch,Val loss
64,20,17,3.4
128,20,14,3.2
256,20,11,3.1
`,
    told: 'sizes; x Hidden size; y Val loss; 64: 3.4, 128: 3.2, 256: 3.1',
  },
  {
    of: 'muon vs adam columns with lr',
    texts: `d_model,adam_lr,adam_loss,muon_lr,muon_loss
64,0.001,3.4,0.02,3.3
128,0.001,3.2,0.02,3.1
256,0.0007,3.0,0.02,2.9
`,
    told: 'sizes; x d_model; y loss; series series; adam 64: 3.4, 128: 3.2, 256: 3; muon 64: 3.3, 128: 3.1, 256: 2.9',
  },
  {
    of: 'width & batch size sweep',
    texts: `width,batch_size,lr,val_loss
64,32,0.001,3.0820
64,32,0.002,3.0320
64,32,0.004,3.0820
64,64,0.001,3.1140
64,64,0.002,3.0640
64,64,0.004,3.1140
128,32,0.001,2.7891
128,32,0.002,2.7391
128,32,0.004,2.7891
128,64,0.001,2.8211
128,64,0.002,2.7711
128,64,0.004,2.8211
256,32,0.001,2.5820
256,32,0.002,2.5320
256,32,0.004,2.5820
256,64,0.001,2.6140
256,64,0.002,2.5640
256,64,0.004,2.6140`,
    told: 'grid; x width; y val_loss; sweep batch_size + lr; 64: 3.032, 128: 2.7391, 256: 2.532',
  },
  {
    of: 'tokens in name of columns',
    texts: `params,loss@1B,loss@2B,loss@4B
10M,4.0,3.8,3.7
30M,3.7,3.5,3.4
100M,3.5,3.2,3.1
`,
    told: 'sizes; x params; y loss; asks tokens: a law of both',
  },
  {
    of: 'loss at steps',
    texts: `params,loss_1000,loss_2000,loss_4000
1e7,4.0,3.8,3.7
3e7,3.7,3.5,3.4
1e8,3.5,3.2,3.1
`,
    told: 'sizes; x params; y loss; asks tokens: a law of both',
  },
  {
    of: 'tokens across',
    texts: `params \\ tokens,1B,2B,4B
10M,4.0,3.8,3.7
30M,3.7,3.5,3.4
100M,3.5,3.2,3.1
`,
    told: 'sizes; x params; y loss; asks tokens: a law of both',
  },
  {
    of: 'run, group',
    texts: `group,name,hidden,lr,eval_loss
sp,sp-64-0.001,64,0.001,3.2500
sp,sp-64-0.002,64,0.002,3.2000
sp,sp-64-0.004,64,0.004,3.2500
sp,sp-128-0.001,128,0.001,2.9571
sp,sp-128-0.002,128,0.002,2.9071
sp,sp-128-0.004,128,0.004,2.9571
sp,sp-256-0.001,256,0.001,2.7500
sp,sp-256-0.002,256,0.002,2.7000
sp,sp-256-0.004,256,0.004,2.7500
mup,mup-64-0.001,64,0.001,3.0500
mup,mup-64-0.002,64,0.002,3.0000
mup,mup-64-0.004,64,0.004,3.0500
mup,mup-128-0.001,128,0.001,2.7571
mup,mup-128-0.002,128,0.002,2.7071
mup,mup-128-0.004,128,0.004,2.7571
mup,mup-256-0.001,256,0.001,2.5500
mup,mup-256-0.002,256,0.002,2.5000
mup,mup-256-0.004,256,0.004,2.5500`,
    told: 'sweep; x hidden; y eval_loss; sweep lr; series group; sp 64: 3.2, 128: 2.9071, 256: 2.7; mup 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'muP true/false',
    texts: `use_mup,width,lr,loss
True,64,0.001,3.2500
True,64,0.002,3.2000
True,64,0.004,3.2500
True,128,0.001,2.9571
True,128,0.002,2.9071
True,128,0.004,2.9571
True,256,0.001,2.7500
True,256,0.002,2.7000
True,256,0.004,2.7500
False,64,0.001,3.0500
False,64,0.002,3.0000
False,64,0.004,3.0500
False,128,0.001,2.7571
False,128,0.002,2.7071
False,128,0.004,2.7571
False,256,0.001,2.5500
False,256,0.002,2.5000
False,256,0.004,2.5500`,
    told: 'sweep; x width; y loss; sweep lr; series use_mup; True 64: 3.2, 128: 2.9071, 256: 2.7; False 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'wd names "wd0.1_mup_w128" + lr col',
    texts: `exp,lr,loss
wd0.1_mup_w64,0.001,3.0500
wd0.1_mup_w64,0.002,3.0000
wd0.1_mup_w64,0.004,3.0500
wd0.1_mup_w128,0.001,2.7571
wd0.1_mup_w128,0.002,2.7071
wd0.1_mup_w128,0.004,2.7571
wd0.1_mup_w256,0.001,2.5500
wd0.1_mup_w256,0.002,2.5000
wd0.1_mup_w256,0.004,2.5500`,
    told: 'sweep; x width; y loss; sweep lr; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'optuna',
    texts: `number,value,datetime_start,datetime_complete,duration,params_lr,params_width,params_wd,state
0,3.0500,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.001,64,0.1,COMPLETE
1,3.0000,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.002,64,0.1,COMPLETE
2,3.0500,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.004,64,0.1,COMPLETE
3,2.7571,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.001,128,0.1,COMPLETE
4,2.7071,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.002,128,0.1,COMPLETE
5,2.7571,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.004,128,0.1,COMPLETE
6,2.5500,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.001,256,0.1,COMPLETE
7,2.5000,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.002,256,0.1,COMPLETE
8,2.5500,2024-03-02 10:00:00,2024-03-02 10:10:00,0 days 00:10:00,0.004,256,0.1,COMPLETE
9,,2024,2024,,0.1,256,0.1,PRUNED
`,
    told: 'sweep; x params_width; y value; sweep params_lr; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'ray tune',
    texts: `trial_id,status,config/lr,config/d_model,config/seed,training_iteration,time_total_s,eval_loss
a000,TERMINATED,0.001,64,0,20,100,3.0500
a001,TERMINATED,0.001,64,1,20,100,3.0600
a010,TERMINATED,0.002,64,0,20,100,3.0000
a011,TERMINATED,0.002,64,1,20,100,3.0100
a020,TERMINATED,0.004,64,0,20,100,3.0500
a021,TERMINATED,0.004,64,1,20,100,3.0600
a100,TERMINATED,0.001,128,0,20,101,2.7571
a101,TERMINATED,0.001,128,1,20,101,2.7671
a110,TERMINATED,0.002,128,0,20,101,2.7071
a111,TERMINATED,0.002,128,1,20,101,2.7171
a120,TERMINATED,0.004,128,0,20,101,2.7571
a121,TERMINATED,0.004,128,1,20,101,2.7671
a200,TERMINATED,0.001,256,0,20,102,2.5500
a201,TERMINATED,0.001,256,1,20,102,2.5600
a210,TERMINATED,0.002,256,0,20,102,2.5000
a211,TERMINATED,0.002,256,1,20,102,2.5100
a220,TERMINATED,0.004,256,0,20,102,2.5500
a221,TERMINATED,0.004,256,1,20,102,2.5600`,
    told: 'sweep; x config/d_model; y eval_loss; sweep config/lr; seed config/seed; 64: 3, 64: 3.01, 128: 2.7071',
  },
  {
    of: 'long metric/value',
    texts: `run,width,metric,value
r0,64,train_loss,2.8000
r0,64,val_loss,3.0000
r0,64,val_acc,0.30
r1,128,train_loss,2.5071
r1,128,val_loss,2.7071
r1,128,val_acc,0.31
r2,256,train_loss,2.3000
r2,256,val_loss,2.5000
r2,256,val_acc,0.32`,
    told: 'sizes; x width; y value; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'long metric two',
    texts: `width,split,loss
64,train,2.8000
64,val,3.0000
128,train,2.5071
128,val,2.7071
256,train,2.3000
256,val,2.5000`,
    told: 'sizes; x width; y loss; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'aim',
    texts: `Run,hparams.d_model,hparams.lr,context.subset,step,loss
r0,64,0.001,train,0,4.0000
r0,64,0.001,train,500,3.0020
r0,64,0.001,train,1000,3.0010
r0,64,0.001,val,0,4.1000
r0,64,0.001,val,500,3.1020
r0,64,0.001,val,1000,3.1010
r1,128,0.001,train,0,3.7071
r1,128,0.001,train,500,2.7091
r1,128,0.001,train,1000,2.7081
r1,128,0.001,val,0,3.8071
r1,128,0.001,val,500,2.8091
r1,128,0.001,val,1000,2.8081
r2,256,0.001,train,0,3.5000
r2,256,0.001,train,500,2.5020
r2,256,0.001,train,1000,2.5010
r2,256,0.001,val,0,3.6000
r2,256,0.001,val,500,2.6020
r2,256,0.001,val,1000,2.6010`,
    told: 'curves; x hparams.d_model; y loss; step step; 64: 3.101, 128: 2.8081, 256: 2.601',
  },
  {
    of: 'results dict nested',
    texts: `{"mup":{"64":{"0.001":3.5,"0.002":3.4},"128":{"0.001":3.3,"0.002":3.2},"256":{"0.001":3.1,"0.002":3}},"sp":{"64":{"0.001":3.5,"0.002":3.4},"128":{"0.001":3.4,"0.002":3.5},"256":{"0.001":3.3,"0.002":3.9}}}`,
    told: 'sweep; x key 2; y loss; sweep learning rate; series series; mup 64: 3.4, 128: 3.2, 256: 3; sp 64: 3.4, 128: 3.4, 256: 3.3',
  },
  {
    of: 'keras history',
    texts: `{"loss":[4,3.5,3.2],"val_loss":[4.1,3.6,3.4],"lr":[0.001,0.001,0.001]}`,
    told: 'sizes; y val_loss; asks columns.x: loss',
  },
  {
    of: 'lightning metrics.csv',
    texts: `epoch,step,train_loss_step,train_loss_epoch,val_loss
0,49,4.1,,
0,99,3.9,,
0,99,,4.0,3.95
1,149,3.7,,
1,199,3.6,,
1,199,,3.7,3.75
`,
    told: 'curves; y val_loss; step step',
  },
  {
    of: 'speedrun log',
    texts: `step:0/5100 val_loss:10.8258 train_time:0ms step_avg:nanms
step:125/5100 val_loss:4.6 train_time:30000ms step_avg:240ms
step:250/5100 val_loss:4.1 train_time:60000ms step_avg:240ms
`,
    told: 'curves; y val_loss; step step',
  },
  {
    of: 'llm.c log',
    texts: `s:0 tel:11.03
s:0 trl:11.01
s:250 tel:6.5
s:250 trl:6.4
s:500 tel:5.3
`,
    told: 'curves; y val loss; step step',
  },
  {
    of: 'torchtitan',
    texts: `[rank0]:2024-03-02 10:00:00,000 - root - INFO - step:  10  loss:  8.1234  memory: 10.00GiB(12%)  tps: 12,345  mfu: 40.00%
[rank0]:2024-03-02 10:00:01,000 - root - INFO - step:  20  loss:  7.1234  memory: 10.00GiB(12%)  tps: 12,345  mfu: 40.00%
[rank0]:2024-03-02 10:00:02,000 - root - INFO - step:  30  loss:  6.5234  memory: 10.00GiB(12%)  tps: 12,345  mfu: 40.00%
`,
    told: 'curves; y loss; step step',
  },
  {
    of: 'fairseq',
    texts: `2024-03-02 10:00:00 | INFO | valid | {"epoch": 1, "valid_loss": "4.1", "valid_ppl": "17.1", "valid_num_updates": "1000"}
2024-03-02 10:00:00 | INFO | valid | {"epoch": 2, "valid_loss": "3.9", "valid_ppl": "15.1", "valid_num_updates": "2000"}
`,
    told: 'curves; y valid_loss; step valid_num_updates',
  },
  {
    of: 'hf trainer stdout',
    texts: `{'loss': 4.1, 'grad_norm': 1.2, 'learning_rate': 4e-05, 'epoch': 1.0}
{'eval_loss': 3.9, 'eval_runtime': 3.1, 'epoch': 1.0}
{'loss': 3.5, 'grad_norm': 1.1, 'learning_rate': 1e-05, 'epoch': 2.0}
{'eval_loss': 3.4, 'eval_runtime': 3.1, 'epoch': 2.0}
`,
    told: 'curves; y eval_loss; step epoch',
  },
  {
    of: 'deepspeed/neox csv',
    texts: `wandb name;hidden-size;num-layers;train-iters;lm_loss
neox-s;512;6;143000;2.9
neox-m;768;12;143000;2.6
neox-l;1024;24;143000;2.4
`,
    told: 'sizes; x hidden-size; y lm_loss; 512: 2.9, 768: 2.6, 1024: 2.4',
  },
  {
    of: 'spaces table with ±',
    texts: `width   SP             muP
128     3.61 ± 0.01    3.60 ± 0.01
256     3.45 ± 0.02    3.38 ± 0.01
512     3.52 ± 0.10    3.21 ± 0.01
`,
    told: 'sizes; x width; y loss; series series; SP 128: 3.61, 256: 3.45, 512: 3.52; muP 128: 3.6, 256: 3.38, 512: 3.21',
  },
  {
    of: 'rst/grid',
    texts: `+-------+------+------+
| width | SP   | muP  |
+=======+======+======+
| 64    | 3.6  | 3.5  |
+-------+------+------+
| 128   | 3.4  | 3.2  |
+-------+------+------+
`,
    told: 'sizes; x width; y loss; series series; SP 64: 3.6, 128: 3.4; muP 64: 3.5, 128: 3.2',
  },
  {
    of: 'html paste tabs',
    texts: `Width	Best LR	Final val loss
128	2^-8	3.61
256	2^-8	3.38
512	2^-9	3.2
`,
    told: 'sizes; x Width; y Final val loss; 128: 3.61, 256: 3.38, 512: 3.2',
  },
  {
    of: 'optimal table',
    texts: `C,N_opt,D_opt,L_opt
1e18,5e7,3e9,3.2
1e19,1.5e8,1e10,2.9
1e20,5e8,3e10,2.6
`,
    told: 'sizes; x C; y L_opt; 1000000000000000000: 3.2, 10000000000000000000: 2.9, 100000000000000000000: 2.6',
  },
  {
    of: 'losses per domain',
    texts: `params,c4,pile,wikitext,code
70M,3.5,2.9,3.6,1.9
160M,3.2,2.6,3.2,1.6
410M,2.9,2.3,2.9,1.4
`,
    told: 'sizes; x params; y loss; series series; c4 70000000: 3.5, 160000000: 3.2, 410000000: 2.9; pile 70000000: 2.9, 160000000: 2.6, 410000000: 2.3; wikitext 70000000: 3.6, 160000000: 3.2, 410000000: 2.9; code 70000000: 1.9, 160000000: 1.6, 410000000: 1.4',
  },
  {
    of: 'seeds rows wide',
    texts: `seed,64,128,256
0,3.5,3.3,3.1
1,3.51,3.29,3.11
2,3.49,3.31,3.12
`,
    told: 'sizes; x width; y loss; seed seed; 64: 3.5, 64: 3.51, 64: 3.49',
  },
  {
    of: 'lr as names lrs',
    texts: `width,1e-4,3e-4,1e-3,3e-3,best lr
64,3.9,3.7,3.6,3.8,1e-3
128,3.8,3.5,3.4,3.9,1e-3
256,3.7,3.4,3.5,nan,3e-4
`,
    told: 'sweep; x width; y loss; sweep learning rate; 64: 3.6, 128: 3.4, 256: 3.4',
  },
  {
    of: 'excel with units row',
    texts: `width;tokens;loss
[-];[B];[nats]
128;1,5;3,61
256;1,5;3,38
512;1,5;3,21
`,
    told: 'sizes; x width; y loss [nats]; 128: 3.61, 256: 3.38, 512: 3.21',
  },
  {
    of: 'summary rows',
    texts: `width,loss
64,3.5
128,3.3
256,3.1
mean,3.3
`,
    told: 'sizes; x width; y loss; faults in rows 5; 64: 3.5, 128: 3.3, 256: 3.1',
  },
  {
    of: 'footnote rows',
    texts: `| width | loss |
|---|---|
| 64 | 3.5 |
| 128 | 3.3* |
| 256 | 3.1 |

*restarted once
`,
    told: 'sizes; x width; y loss; 64: 3.5, 128: 3.3, 256: 3.1',
  },
  {
    of: 'muP with lr x width heat',
    texts: `lr\\width;128;256;512
0,001;3,9;3,7;3,5
0,002;3,8;3,6;3,4
0,004;3,85;3,7;3,6
`,
    told: 'sweep; x width; y loss; sweep lr; 128: 3.8, 256: 3.6, 512: 3.4',
  },
  {
    of: 'attention/hidden names',
    texts: `hidden_size,num_attention_heads,intermediate_size,loss
256,4,1024,3.3
512,8,2048,3.1
1024,16,4096,2.9
`,
    told: 'sizes; x hidden_size; y loss; 256: 3.3, 512: 3.1, 1024: 2.9',
  },
  {
    of: 'init std',
    texts: `width,init_std,lr,loss
64,0.02000,0.001,3.0500
64,0.02000,0.002,3.0000
64,0.02000,0.004,3.0500
128,0.01414,0.001,2.7571
128,0.01414,0.002,2.7071
128,0.01414,0.004,2.7571
256,0.01000,0.001,2.5500
256,0.01000,0.002,2.5000
256,0.01000,0.004,2.5500`,
    told: 'sweep; x width; y loss; sweep lr; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'final lr',
    texts: `width,peak_lr,min_lr,loss
64,0.001,0.0001,3.0500
64,0.002,0.0002,3.0000
64,0.004,0.0004,3.0500
128,0.001,0.0001,2.7571
128,0.002,0.0002,2.7071
128,0.004,0.0004,2.7571
256,0.001,0.0001,2.5500
256,0.002,0.0002,2.5000
256,0.004,0.0004,2.5500`,
    told: 'sweep; x width; y loss; sweep peak_lr; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'effective lr mup',
    texts: `width,lr,effective_lr,loss
64,0.001,0.001,3.0500
64,0.002,0.002,3.0000
64,0.004,0.004,3.0500
128,0.001,0.0005,2.7571
128,0.002,0.001,2.7071
128,0.004,0.002,2.7571
256,0.001,0.00025,2.5500
256,0.002,0.0005,2.5000
256,0.004,0.001,2.5500`,
    told: 'sweep; x width; y loss; sweep lr; 64: 3, 128: 2.7071, 256: 2.5',
  },
  {
    of: 'date versions',
    texts: `date,run,width,loss
2024-03-01,v1,64,3.5
2024-03-02,v2,64,3.4
2024-03-01,v1,128,3.3
2024-03-02,v2,128,3.2
2024-03-01,v1,256,3.1
2024-03-02,v2,256,3.0
`,
    told: 'sizes; x width; y loss; series run; v1 64: 3.5, 128: 3.3, 256: 3.1; v2 64: 3.4, 128: 3.2, 256: 3',
  },
  {
    of: 'tokens/param varied',
    texts: `N,tpp,loss
1e7,20,3.9
1e7,40,3.8
4e7,20,3.5
4e7,40,3.4
1.6e8,20,3.1
1.6e8,40,3.0
`,
    told: 'sizes; x N; y loss; asks tokens: a law of both',
  },
  {
    of: 'batch ladder',
    texts: `width,batch size (tokens),loss
128,524288,3.5
256,524288,3.3
512,524288,3.1
`,
    told: 'sizes; x width; y loss; 128: 3.5, 256: 3.3, 512: 3.1',
  },
  {
    of: 'tok/param',
    texts: `N,tok/param,loss
1e7,20,3.9
4e7,20,3.5
1.6e8,20,3.1
`,
    told: 'sizes; x N; y loss; 10000000: 3.9, 40000000: 3.5, 160000000: 3.1',
  },
  {
    of: 'chinchilla mult',
    texts: `params (M),chinchilla,val_loss
10,1,3.9
10,2,3.8
40,1,3.5
40,2,3.4
`,
    told: 'sizes; x params (M); y val_loss; asks tokens: a law of both',
  },
  {
    of: 'z-loss ablation',
    texts: `run,width,loss
z-loss,64,3.5
baseline,64,3.6
z-loss,128,3.2
baseline,128,3.3
z-loss,256,3
baseline,256,3.1
`,
    told: 'sizes; x width; y loss; series run; z-loss 64: 3.5, 128: 3.2, 256: 3; baseline 64: 3.6, 128: 3.3, 256: 3.1',
  },
  {
    of: 'test/val',
    texts: `split,width,loss
test,64,3.5
val,64,3.6
test,128,3.2
val,128,3.3
test,256,3
val,256,3.1
`,
    told: 'sizes; x width; y loss; series split; test 64: 3.5, 128: 3.2, 256: 3; val 64: 3.6, 128: 3.3, 256: 3.1',
  },
  {
    of: 'lr header',
    texts: `| | lr=1e-3 | | lr=2e-3 | |
|---|---|---|---|---|
| d_model | SP | muP | SP | muP |
| 128 | 3.6 | 3.5 | 3.5 | 3.4 |
| 256 | 3.4 | 3.3 | 3.6 | 3.2 |
| 512 | 3.3 | 3.1 | 3.9 | 3.0 |
`,
    told: 'sweep; x d_model; y loss; sweep learning rate; series series; SP 128: 3.5, 256: 3.4, 512: 3.3; muP 128: 3.4, 256: 3.2, 512: 3',
  },
  {
    of: 'names with params',
    texts: `model,val
gpt-10M-20tpp,3.9
gpt-40M-20tpp,3.5
gpt-160M-20tpp,3.1
`,
    told: 'sizes; x parameters; y val; 10000000: 3.9, 40000000: 3.5, 160000000: 3.1',
  },
  {
    of: 'coord wide',
    texts: `layer,64,128,256,512
embed,0.5,0.5,0.5,0.5
attn.0,0.3,0.31,0.3,0.29
logits,0.1,0.05,0.02,0.01
`,
    told: 'activations; x width; y activation; module layer; 12 activations, the first embed 64 0 0.5',
  },
  {
    of: 'coord step/width 2 lines',
    texts: `,t=1,,,t=2,,
module,64,128,256,64,128,256
attn,0.31,0.31,0.3,0.4,0.5,0.6
mlp,0.21,0.21,0.2,0.3,0.4,0.5
`,
    told: 'activations; x width; y activation; step step; module module; 12 activations, the first attn 64 1 0.31',
  },
  {
    of: 'coord megatron',
    texts: `iteration,hidden_size,layer_name,act_l1_mean
1,256,embedding,0.5
1,512,embedding,0.5
2,256,embedding,0.6
2,512,embedding,0.7
1,256,layer.0,0.3
1,512,layer.0,0.3
2,256,layer.0,0.4
2,512,layer.0,0.5
`,
    told: 'activations; x hidden_size; y act_l1_mean; step iteration; module layer_name; 8 activations, the first embedding 256 1 0.5',
  },
  {
    of: 'curves across widths',
    texts: `step,w64,w128,w256
0,4.000,3.900,3.800
100,3.950,3.840,3.730
200,3.900,3.780,3.660
300,3.850,3.720,3.590
400,3.800,3.660,3.520
500,3.750,3.600,3.450
600,3.700,3.540,3.380
700,3.650,3.480,3.310
800,3.600,3.420,3.240
900,3.550,3.360,3.170
1000,3.500,3.300,3.100
1100,3.450,3.240,3.030`,
    told: 'curves; x width; y loss; step step; 64: 3.45, 128: 3.24, 256: 3.03',
  },
  {
    of: 'curves with series_width',
    texts: `step,sp_w64,sp_w128,mup_w64,mup_w128
0,4.000,3.900,3.800,3.700
100,3.950,3.840,3.730,3.630
200,3.900,3.780,3.660,3.560
300,3.850,3.720,3.590,3.490
400,3.800,3.660,3.520,3.420
500,3.750,3.600,3.450,3.350
600,3.700,3.540,3.380,3.280
700,3.650,3.480,3.310,3.210
800,3.600,3.420,3.240,3.140
900,3.550,3.360,3.170,3.070
1000,3.500,3.300,3.100,3.000
1100,3.450,3.240,3.030,2.930`,
    told: 'curves; x width; y loss; series series; step step; sp 64: 3.45, 128: 3.24; mup 64: 3.03, 128: 2.93',
  },
  {
    of: 'batch x width',
    texts: `width \\ batch,32,64,128
64,3.5,3.45,3.4
128,3.3,3.25,3.2
256,3.1,3.05,3.0
`,
    told: 'sweep; x width; y loss; sweep batch; 64: 3.4, 128: 3.2, 256: 3',
  },
  {
    of: 'width by numbers',
    texts: `width,32,64,128
64,3.5,3.45,3.4
128,3.3,3.25,3.2
256,3.1,3.05,3.0
`,
    told: 'sizes; x width; y loss; asks columns.1: swept: the best of each size',
  },
  {
    of: 'temperature',
    texts: `Width|LR=0.1|LR=0.3|LR=1
64|3.5|3.4|3.6
128|3.3|3.2|3.9
256|3.1|3.0|diverged
`,
    told: 'sweep; x Width; y loss; sweep learning rate; 64: 3.4, 128: 3.2, 256: 3',
  },
  {
    of: 'time strings',
    texts: `width,time,loss
64,1h 20m,3.5
128,2h 5m,3.3
256,4h,3.1
`,
    told: 'sizes; x width; y loss; 64: 3.5, 128: 3.3, 256: 3.1',
  },
  {
    of: 'approx',
    texts: `params,loss
~70M,≈3.5
~160M,≈3.3
~410M,≈3.1
`,
    told: 'sizes; x params; y loss; 70000000: 3.5, 160000000: 3.3, 410000000: 3.1',
  },
  {
    of: 'lr best in brackets',
    texts: `width,SP (best lr),muP (best lr)
64,3.5 (1e-3),3.4 (1e-3)
128,3.3 (5e-4),3.2 (1e-3)
256,3.2 (2e-4),3.0 (1e-3)
`,
    told: 'sizes; x width; y loss; series series; SP 64: 3.5, 128: 3.3, 256: 3.2; muP 64: 3.4, 128: 3.2, 256: 3',
  },
  {
    of: 'loss (acc)',
    texts: `width,loss (acc)
64,3.5 (0.31)
128,3.3 (0.33)
256,3.2 (0.35)
`,
    told: 'sizes; x width; y loss; 64: 3.5, 128: 3.3, 256: 3.2',
  },
];
